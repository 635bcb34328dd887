import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startUpstream } from '../test/upstream.ts';
import { edgeStatus, startEdge } from './start.ts';

let logDir: string;
beforeAll(async () => {
  logDir = await mkdtemp(join(tmpdir(), 'tenfold-edge-test-'));
});
afterAll(() => rm(logDir, { recursive: true }));

const start = (controlUrl: string, port = 0) =>
  startEdge({ regionId: 'test', controlUrl, port, healthChecks: true, logDir });

test('follows the control API, serves on without it, and ends with its owner', async () => {
  await using a = await startUpstream('a');
  const control = createServer((_, response) => response.end(JSON.stringify([a.address]))).listen(0, '127.0.0.1');
  await once(control, 'listening');
  const edge = await start(`http://127.0.0.1:${(control.address() as AddressInfo).port}`);
  await vi.waitFor(async () => expect((await fetch(edge.url)).status).toBe(200), { timeout: 3_000 });

  control.close();
  control.closeAllConnections();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(await (await fetch(edge.url)).text()).toBe('a');
  expect(await edgeStatus(edge)).toMatchObject({ inFlight: 0, targets: [{ name: 'a', health: 'healthy' }] });

  edge.process.child.stdin?.end();
  expect(await edge.process.exited).toBe('exit code 0');
});

test('says what to do when its port is taken', async () => {
  const other = createTcpServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(start('http://127.0.0.1:1', port)).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringMatching(new RegExp(`port ${port} .*EADDRINUSE.*--edge-port`)),
  });
  other.close();
});
