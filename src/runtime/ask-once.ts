import { Client, type Dispatcher } from 'undici';
import { textOf } from './bounded-text.ts';
import { dialling, familyOf } from './way.ts';

interface Asking extends Pick<Dispatcher.RequestOptions, 'path' | 'method' | 'headers' | 'body'> {
  timeoutMs: number;
  signal?: AbortSignal;
  longestBytes?: number;
}

/** Sends a shop one request, the same way as the instruments (docs/decisions/0011-one-way.md). @throws when there is no answer */
export async function askOnce(baseUrl: string, { timeoutMs, signal, longestBytes, ...request }: Asking) {
  const client = new Client(baseUrl, { connect: dialling(baseUrl, await familyOf(baseUrl), timeoutMs) });
  const over = AbortSignal.timeout(timeoutMs);
  try {
    const { statusCode, headers, body } = await client.request({
      ...request,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: signal ? AbortSignal.any([signal, over]) : over,
    });
    return { statusCode, headers, text: await textOf(body, longestBytes) };
  } finally {
    await client.destroy();
  }
}
