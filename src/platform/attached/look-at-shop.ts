import type { Config } from '../../model/config.ts';
import { filled, type ShopRequest, whatIsWrong } from '../../model/shop-request.ts';
import { askOnce } from '../../runtime/ask-once.ts';
import { AnswerTooLong } from '../../runtime/bounded-text.ts';
import { unusedProxies } from '../../runtime/way.ts';
import { readOrders } from './read-orders.ts';

const timeoutMs = 5_000;
/** What stands for the placeholders when a shop is only looked at. */
const filling = { number: () => 1, key: 'probe-tenfold-check' };

const writesNothing = ({ method }: { method: string }): boolean => ['GET', 'HEAD'].includes(method);

/**
 * What keeps a shop from being drilled as its config says: each probe is sent once, and orders are asked for once.
 * @param asking reads: probes that may write are left out
 */
export async function problemsOf(
  config: Config,
  signal: AbortSignal,
  asking: 'reads' | 'all' = 'all',
): Promise<string[]> {
  const { read, write } = config.paths;
  const probes = [
    { baseUrl: config.baseUrl, probe: read.probe },
    ...(write ? [{ baseUrl: config.baseUrl, probe: write.probe }] : []),
    ...config.replicas.map(({ baseUrl }) => ({ baseUrl, probe: write?.probe ?? read.probe })),
  ];
  const asked = probes.filter(({ probe }) => asking === 'all' || writesNothing(probe));
  const looks = [...asked.map(({ baseUrl, probe }) => look(baseUrl, probe, signal)), lookForOrders(config)];
  const problems = (await Promise.all(looks)).flat();
  signal.throwIfAborted();
  return [...new Set(problems)];
}

async function look(baseUrl: string, probe: ShopRequest, signal: AbortSignal): Promise<string[]> {
  const { method, path, headers: ownHeaders, body: ownBody, expected } = filled(probe, filling, process.env);
  const url = new URL(path, baseUrl);
  const name = `the probe ${method} ${url.href}`;
  try {
    const { statusCode, headers, text } = await askOnce(baseUrl, {
      path,
      method: method as 'GET',
      headers: ownHeaders,
      body: ownBody,
      timeoutMs,
      signal,
    });
    if (statusCode >= 300 && statusCode < 400) return [`${name} redirects (${statusCode}${whereTo(headers, url)})`];
    if (!probe.expectStatus.includes(statusCode))
      return [`${name} answers ${statusCode}, not ${probe.expectStatus.join(' or ')} as expected`];
    const wrong = whatIsWrong(expected, text);
    return wrong === null ? [] : [`${name} answers ${wrong}`];
  } catch (error) {
    if (error instanceof AnswerTooLong) return [`${name}: ${error.message}`];
    return [unreachable(url.origin, error as Error)];
  }
}

/** Without the query, which may hold what nobody should read. */
function whereTo(headers: Record<string, string | string[] | undefined>, from: URL): string {
  const target = URL.parse(String(headers.location ?? ''), from.href);
  return target === null ? '' : ` to ${target.origin}${target.pathname}`;
}

function unreachable(origin: string, error: NodeJS.ErrnoException): string {
  const code = error.code ?? error.name;
  const [proxy] = unusedProxies();
  const unused = proxy === undefined ? '' : ` (${proxy} is not used: a proxy would be measured instead of the shop)`;
  if (error.name === 'TimeoutError') return `${origin} did not answer within ${timeoutMs / 1000} s${unused}`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code))
    return `the certificate of ${origin} is not trusted: ${code} (for your own authority set NODE_EXTRA_CA_CERTS or SSL_CERT_FILE)`;
  return `${origin} cannot be reached: ${code}${unused}`;
}

async function lookForOrders({ orders, baseUrl }: Config): Promise<string[]> {
  if (orders === null) return [];
  try {
    await readOrders(orders, baseUrl, 'tenfold-check-');
    return [];
  } catch (error) {
    return [`orders cannot be read back: ${(error as Error).message}`];
  }
}
