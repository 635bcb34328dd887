import { expect, test } from 'vitest';
import { freePort } from '../../tests/support/free-port.ts';
import { startHookServer } from '../../tests/support/hook-server.ts';
import { send } from './send.ts';

const secret = '/services/T0/B0/secret-path?sig=secret-query';
const patience = { limitMs: 3_000, tryMs: 500, waitMs: 20 };
const sending = (base: string) => ({ url: `${base}${secret}`, headers: { 'x-one': '1' }, body: '{"a":"ü"}' });

test('what is taken is sent once, as it is', async () => {
  await using server = await startHookServer(() => ({ status: 202 }));
  expect(await send(sending(server.url), patience)).toBeUndefined();
  expect(server.received).toMatchObject([
    {
      method: 'POST',
      path: secret,
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-one': '1' },
      body: '{"a":"ü"}',
    },
  ]);
});

test('who is away for a moment is asked again, later each time', async () => {
  await using server = await startHookServer((_, count) => ({ status: count < 3 ? 503 : 200 }));
  expect(await send(sending(server.url), { ...patience, waitMs: 100 })).toBeUndefined();
  const [first, second, third] = server.received.map(({ atMs }) => atMs) as [number, number, number];
  expect(second - first).toBeGreaterThanOrEqual(99);
  expect(third - second).toBeGreaterThanOrEqual(199);
});

test('who says when is asked then', async () => {
  await using server = await startHookServer((_, count) =>
    count === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 },
  );
  expect(await send(sending(server.url), patience)).toBeUndefined();
  const [first, second] = server.received.map(({ atMs }) => atMs) as [number, number];
  expect(second - first).toBeGreaterThanOrEqual(990);
});

test('who says a time beyond all patience is not waited for', async () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
  await using server = await startHookServer(() => ({ status: 503, headers: { 'retry-after': inAnHour } }));
  const startMs = performance.now();
  expect(await send(sending(server.url), patience)).toBe('it answered 503');
  expect(performance.now() - startMs).toBeLessThan(1_000);
  expect(server.received).toHaveLength(1);
});

test.each([
  ['a refusal', { status: 404, body: 'no_team' }, 'it answered 404: no_team'],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'it answered 302'],
  [
    'an answer that repeats the secret',
    { status: 400, body: `no ${secret}\nat ${secret}` },
    'it answered 400: no *** at ***',
  ],
  ['an answer without end', { status: 400, body: 'x'.repeat(1_000) }, `it answered 400: ${'x'.repeat(120)}`],
])('%s is final', async (_, answer, why) => {
  await using server = await startHookServer(() => answer);
  expect(await send(sending(server.url), patience)).toBe(why);
  expect(server.received).toHaveLength(1);
});

test('who never takes it is given up after some tries', async () => {
  await using server = await startHookServer(() => ({ status: 500 }));
  expect(await send(sending(server.url), patience)).toBe('it answered 500, 4 times');
  expect(server.received).toHaveLength(4);
});

test('who never answers is given up when patience ends', async () => {
  await using server = await startHookServer(() => undefined);
  const startMs = performance.now();
  const why = await send(sending(server.url), { limitMs: 600, tryMs: 250, waitMs: 10 });
  expect(why).toMatch(/^it did not answer within [\d.]+ ms, \d times$/);
  expect(performance.now() - startMs).toBeLessThan(1_500);
});

test('who is not there is told by a code, without the address', async () => {
  const port = await freePort();
  const why = await send(sending(`http://127.0.0.1:${port}`), { ...patience, limitMs: 100 });
  expect(why).toMatch(/^it cannot be reached: ECONNREFUSED/);
  expect(why).not.toContain('secret');
});
