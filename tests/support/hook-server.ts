import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  atMs: number;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface HookServer extends AsyncDisposable {
  url: string;
  received: Received[];
}

/** What takes webhooks, and answers each as it is told; undefined: it never answers. */
export async function startHookServer(
  answerTo: (request: Received, count: number) => Answer | undefined = () => ({ status: 200, body: 'ok' }),
): Promise<HookServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method = '', url = '', headers } = request;
    const one = { atMs: performance.now(), method, path: url, headers, body };
    received.push(one);
    const answer = answerTo(one, received.length);
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
