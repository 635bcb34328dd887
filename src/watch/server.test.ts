import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Document } from './document.ts';
import { EventLog } from './event-log.ts';
import { mostViewers, startServer, type WatchServer } from './server.ts';

const document: Document = { html: '<!doctype html><title>page</title>', headers: { 'content-security-policy': 'x' } };
const second = (atMs: number) => ({
  kind: 'load-progress' as const,
  atMs,
  ratePerSecond: 1,
  errorsPerSecond: 0,
  p99Ms: null,
  dropped: 0,
});

let server: WatchServer | undefined;
const open: IncomingMessage[] = [];
afterEach(async () => {
  for (const response of open.splice(0)) response.destroy();
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function started() {
  const log = new EventLog();
  const stopped: string[] = [];
  const stop = (runId: string) => {
    if (runId !== 'run-1') return 'that drill is not running any more';
    stopped.push(runId);
    return undefined;
  };
  const ticked: object[] = [];
  const tick = (runId: string, said: object) => {
    if (runId !== 'run-1') return 'that drill is not running any more';
    ticked.push(said);
    return undefined;
  };
  server = await startServer(document, { log, stop, tick });
  const url = new URL(server.url);
  return { log, stopped, ticked, url, stopToken: url.hash.slice('#stop='.length), wake: server.wake };
}

interface Asked {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Headers as they are given: fetch would not send a foreign Host. */
function ask(
  url: URL,
  { path = url.pathname, method = 'GET', headers = {}, body }: Asked = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: url.hostname, port: url.port, path, method, headers, agent: false }, (response) => {
      open.push(response);
      resolve(response);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return text;
}

/** Reads events until there are so many. */
async function eventsOf(response: IncomingMessage, count: number): Promise<string[]> {
  let text = '';
  const idsIn = () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id = '']) => id);
  await new Promise<void>((resolve) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (idsIn().length >= count) resolve();
    });
  });
  return idsIn();
}

test('the page is served under its token alone, with its policy, and is not kept', async () => {
  const { url } = await started();
  const page = await ask(url);
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toBe('x');
  expect(page.headers['cache-control']).toBe('no-store');
  expect(await textOf(page)).toBe(document.html);
});

test.each([
  ['a wrong token', { path: `/${'x'.repeat(32)}/` }, 403],
  ['no token', { path: '/' }, 403],
  ['events with a wrong token', { path: '/guessed/events' }, 403],
  ['a path that there is not', { path: '/a/b/c' }, 403],
  ['the name of another site that points here', { headers: { host: 'rebound.example:80' } }, 421],
  ['a name that only begins like ours', { headers: { host: '127.0.0.1.example' } }, 421],
  ['another page', { headers: { origin: 'https://evil.example' } }, 403],
  ['a page without an origin', { headers: { origin: 'null' } }, 403],
])('%s is refused', async (_, asked, status) => {
  const { url } = await started();
  const response = await ask(url, asked);
  expect(response.statusCode).toBe(status);
  expect(await textOf(response)).not.toContain('doctype');
});

test('a port that somebody has forwarded is fine', async () => {
  const { url } = await started();
  const response = await ask(url, { headers: { host: 'localhost:8080', origin: 'http://localhost:8080' } });
  expect(response.statusCode).toBe(200);
});

test('a drill is stopped only with its own token, its own id, and by its own page', async () => {
  const { url, stopped, stopToken } = await started();
  const stop = (headers: Record<string, string>, body = '{"runId":"run-1"}') =>
    ask(url, {
      path: `${url.pathname}stop`,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const right = { authorization: `Bearer ${stopToken}` };
  const watchToken = url.pathname.replaceAll('/', '');
  expect((await stop({})).statusCode).toBe(403);
  expect((await stop({ authorization: `Bearer ${watchToken}` })).statusCode).toBe(403);
  expect((await stop({ ...right, origin: 'https://evil.example' })).statusCode).toBe(403);
  expect((await stop(right, '{"runId":"run-0"}')).statusCode).toBe(409);
  expect((await stop(right, '{}')).statusCode).toBe(409);
  expect((await stop(right, '{')).statusCode).toBe(400);
  expect((await stop(right, JSON.stringify({ runId: 'x'.repeat(5_000) }))).statusCode).toBe(413);
  expect(stopped).toEqual([]);
  expect((await stop(right)).statusCode).toBe(202);
  expect(stopped).toEqual(['run-1']);
});

test('a step of the runbook is ticked by who may act, by the page alone, and for the drill that is on', async () => {
  const { url, ticked, stopToken } = await started();
  const tick = (headers: Record<string, string>, runId = 'run-1') =>
    ask(url, {
      path: `${url.pathname}tick`,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ runId, step: 'note', by: 'Ada' }),
    });
  const right = { authorization: `Bearer ${stopToken}` };
  expect((await tick({})).statusCode).toBe(403);
  expect((await tick({ authorization: `Bearer ${url.pathname.replaceAll('/', '')}` })).statusCode).toBe(403);
  expect((await tick({ ...right, origin: 'https://evil.example' })).statusCode).toBe(403);
  expect((await tick(right, 'run-0')).statusCode).toBe(409);
  expect(ticked).toEqual([]);
  expect((await tick(right)).statusCode).toBe(202);
  expect(ticked).toEqual([{ step: 'note', by: 'Ada' }]);
});

test('a viewer is told all that was, then what comes, and after a break only what it missed', async () => {
  const { url, log, wake } = await started();
  log.push(second(1));
  log.push(second(2));
  const path = `${url.pathname}events`;
  const first = await ask(url, { path });
  expect(await eventsOf(first, 2)).toEqual(['1', '2']);
  log.push(second(3));
  wake();
  expect(await eventsOf(first, 1)).toEqual(['3']);
  first.destroy();
  log.push(second(4));
  const again = await ask(url, { path, headers: { 'last-event-id': '3' } });
  expect(await eventsOf(again, 1)).toEqual(['4']);
});

test('so many may watch at once; the next is told to come back, and takes the place of one that goes', async () => {
  const { url } = await started();
  const path = `${url.pathname}events`;
  const watching = await Promise.all(Array.from({ length: mostViewers }, () => ask(url, { path })));
  expect(watching.map(({ statusCode }) => statusCode)).toEqual(watching.map(() => 200));
  const refused = await ask(url, { path });
  expect(refused.statusCode).toBe(503);
  expect(refused.headers['retry-after']).toBe('5');
  watching[0]?.destroy();
  await expect.poll(async () => (await ask(url, { path })).statusCode).toBe(200);
});

test('whoever still watches at the end is told the last of it, and does not hold it up', async () => {
  const { url, log } = await started();
  const watching = await ask(url, { path: `${url.pathname}events` });
  const told = textOf(watching).catch(() => '');
  const slow = connect(Number(url.port), url.hostname);
  slow.pause();
  slow.write(`GET ${url.pathname}events HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
  await delay(100);
  log.push({ kind: 'note', atMs: 1, message: 'the last of it' });
  for (let sent = 0; sent < 4_999; sent += 1) log.push({ kind: 'note', atMs: 2, message: 'x'.repeat(2_000) });
  const startMs = performance.now();
  await server?.[Symbol.asyncDispose]();
  expect(performance.now() - startMs).toBeLessThan(2_000);
  expect(await told).toContain('the last of it');
  slow.destroy();
});
