import { request } from 'undici';
import { invalid } from '../model/errors.ts';
import { withoutSecrets } from '../model/secrets.ts';
import { jsonIn, textOf } from '../runtime/bounded-text.ts';

/** A server that takes JSON. */
export interface Receiver {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Values that are never shown. */
  secrets: readonly string[];
}

/** Of what a server says. */
export const mostShown = 300;

/**
 * Sends a receiver something below its URL, or asks it when there is no body. @returns its answer, parsed
 * @throws an error that says who did not take it, and why, without secrets
 */
export async function send(
  { url, headers, secrets }: Receiver,
  path: string,
  { body, timeoutMs, signal }: { body?: unknown; timeoutMs: number; signal?: AbortSignal },
): Promise<unknown> {
  const over = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await request(new URL(path, url.endsWith('/') ? url : `${url}/`), {
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, over]) : over,
    });
    const text = await textOf(answer.body);
    if (answer.statusCode >= 200 && answer.statusCode < 300) return jsonIn(text);
    throw new Error(
      `it answers ${answer.statusCode} to ${path}: ${withoutSecrets(text, secrets).slice(0, mostShown).trim() || 'nothing more'}`,
    );
  } catch (error) {
    throw new Error(`${url}: ${withoutSecrets(whyOf(error as NodeJS.ErrnoException, timeoutMs), secrets)}`);
  }
}

/** What Node and undici say of a connection that fails is a code, or hidden in a cause. */
function whyOf(error: NodeJS.ErrnoException, timeoutMs: number): string {
  if (error.name === 'TimeoutError') return `it does not answer within ${timeoutMs / 1_000} s`;
  return error.message || error.code || String(error);
}

/** The value of a secret that the environment must have. @throws TenfoldError (invalid) without it */
export function secretFrom(name: string, what: string): string {
  const value = process.env[name]?.trim();
  if (value) return value;
  throw invalid(`there is no ${what}: the environment variable ${name} is not set`, `set ${name}`);
}
