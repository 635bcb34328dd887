import { Agent, EnvHttpProxyAgent, request } from 'undici';
import { withoutSecrets } from '../model/secrets.ts';
import { clean } from '../report/clean.ts';
import { formatMs } from '../report/format.ts';
import { textOf } from '../runtime/bounded-text.ts';
import { nowMs, sleepMs, systemClockMs } from '../runtime/clock.ts';
import { authorities } from '../runtime/way.ts';
import { isLoopback } from './ready-targets.ts';

export interface Sending {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** How long is tried, in all and each time, and how long is waited before the second time; after that twice as long each time. */
export interface Patience {
  limitMs: number;
  tryMs: number;
  waitMs: number;
}
const usual: Patience = { limitMs: 20_000, tryMs: 8_000, waitMs: 1_000 };
const mostTries = 4;

/** Sends it until it is taken, or patience is at its end. Returns why it was not taken, or undefined; never throws. */
export async function send(sending: Sending, patience: Patience = usual): Promise<string | undefined> {
  const deadlineMs = nowMs() + patience.limitMs;
  for (let tries = 1; ; tries += 1) {
    const failure = await sendOnce(sending, Math.ceil(Math.min(patience.tryMs, deadlineMs - nowMs())));
    if (!failure) return undefined;
    const waitMs = failure.retryAfterMs ?? patience.waitMs * 2 ** (tries - 1);
    const isLast = !failure.mayPass || tries === mostTries || nowMs() + waitMs >= deadlineMs;
    if (isLast) return `${failure.why}${tries > 1 ? `, ${tries} times` : ''}`;
    await sleepMs(waitMs);
  }
}

interface Failure {
  why: string;
  /** Another try may do better. */
  mayPass: boolean;
  retryAfterMs?: number | undefined;
}

async function sendOnce({ url, headers, body }: Sending, timeoutMs: number): Promise<Failure | undefined> {
  const tls = { ca: authorities() };
  // A proxy cannot reach what is on this machine.
  const dispatcher = isLoopback(new URL(url)) ? new Agent() : new EnvHttpProxyAgent({ connect: tls, requestTls: tls });
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'tenfold', ...headers },
      body,
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await textOf(answer.body, 64 * 1024);
    const { statusCode } = answer;
    if (statusCode >= 200 && statusCode <= 299) return undefined;
    return {
      why: `it answered ${statusCode}${said(text, url)}`,
      mayPass: statusCode >= 500 || [408, 425, 429].includes(statusCode),
      retryAfterMs: retryAfterMs(answer.headers['retry-after']),
    };
  } catch (error) {
    // The message of an error may repeat the URL.
    const { name, code } = error as Error & { code?: string };
    const why =
      name === 'TimeoutError'
        ? `it did not answer within ${formatMs(timeoutMs)}`
        : `it cannot be reached: ${code ?? name}`;
    return { why, mayPass: true };
  } finally {
    await dispatcher.destroy();
  }
}

/** The start of an answer that says what is wrong, in one line, and without the URL, should it repeat it. */
function said(text: string, url: string): string {
  const { pathname, search } = new URL(url);
  const line = withoutSecrets(clean(text), [url, pathname + search])
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line === '' ? '' : `: ${line.slice(0, 120)}`;
}

/** Seconds, or a date. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - systemClockMs();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
