import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Target } from './target.ts';

/** Headers about one connection, not about the message (RFC 9110, 7.6.1). `expect` is answered by the edge itself. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);
const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** Called once a request is over, with the edge's own verdict when no whole answer came: 502, 504, 499 (the client left). */
export type Done = (ownStatus?: 499 | 502 | 504) => void;

/** Forwards a request to a target and returns its answer, once: a failed request gets 502 or 504, never a retry. */
export function forward(request: IncomingMessage, response: ServerResponse, target: Target, done: Done): void {
  const options: Dispatcher.DispatchOptions = {
    path: request.url ?? '/',
    method: request.method as Dispatcher.HttpMethod,
    headers: requestHeaders(request),
    body: hasBody(request) ? request : null,
  };
  target.pool.dispatch(options, new Relay(response, done));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function requestHeaders(request: IncomingMessage): IncomingHttpHeaders {
  const headers = endToEnd(request.headers);
  const client = request.socket.remoteAddress ?? '';
  const before = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before ? `${before}, ${client}` : client;
  headers['x-forwarded-proto'] = 'http';
  headers['x-forwarded-port'] = String(request.socket.localPort);
  return headers;
}

/** A copy without the hop-by-hop headers, including those that `Connection` names. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named =
    headers.connection
      ?.toLowerCase()
      .split(',')
      .map((name) => name.trim()) ?? [];
  const kept: IncomingHttpHeaders = {};
  for (const name in headers) {
    if (!hopByHop.has(name) && !named.includes(name)) kept[name] = headers[name];
  }
  return kept;
}

/** Passes on a target's answer as it comes, at the pace at which the client takes it. */
class Relay implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #done: Done;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;

  constructor(response: ServerResponse, done: Done) {
    this.#response = response;
    this.#done = done;
    response.once('close', () => this.#clientClosed());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('the client left'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#response.writeHead(status, endToEnd(headers));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response.write(chunk)) return;
    controller.pause();
    this.#response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#response.end();
    this.#finish();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    if (this.#over) return;
    const status = timeouts.has(error.code ?? '') ? 504 : 502;
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(status, { 'content-length': 0 }).end();
    this.#finish(status);
  }

  #clientClosed(): void {
    if (this.#over) return;
    this.#finish(499);
    this.#controller?.abort(new Error('the client left'));
  }

  #finish(ownStatus?: 499 | 502 | 504): void {
    if (this.#over) return;
    this.#over = true;
    this.#done(ownStatus);
  }
}
