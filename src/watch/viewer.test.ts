import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EventLog } from './event-log.ts';
import { Viewer } from './viewer.ts';

const server = createServer();
let [response, reader]: [ServerResponse | undefined, Socket | undefined] = [undefined, undefined];

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  vi.useRealTimers();
  reader?.destroy();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** Somebody who has asked and reads nothing yet. */
async function asked() {
  const asking = once(server, 'request');
  reader = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  [, response] = (await asking) as [unknown, ServerResponse];
  return { response, reader };
}

const log = new EventLog();
/** More than the system's own buffers take. */
for (let told = 1; told <= 4_000; told += 1) log.push({ kind: 'note', atMs: told, message: 'x'.repeat(5_000) });

test('what somebody slow has not read waits in the log, not in memory of their own', async () => {
  const { response, reader } = await asked();
  const viewer = new Viewer(response, log, 0);
  for (let again = 0; again < 100; again += 1) {
    viewer.send();
    viewer.beat();
  }
  expect(response.writableLength).toBeGreaterThan(0);
  expect(response.writableLength).toBeLessThan(200_000);
  let text = '';
  reader.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-20_000);
  });
  reader.resume();
  await expect.poll(() => text, { timeout: 10_000 }).toContain('id: 4000\n');
});

test('who reads nothing for half a minute is cut off', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { response } = await asked();
  new Viewer(response, log, 0).send();
  // Whatever the system takes is taken by now.
  await new Promise((settled) => setImmediate(settled));
  vi.advanceTimersByTime(29_000);
  expect(response.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(response.destroyed).toBe(true);
});
