import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { LoadSpec } from '../model/load-spec.ts';
import { rootFolder } from '../runtime/processes.ts';
import { findK6, type K6 } from './find-k6.ts';
import { runWorkers } from './run-workers.ts';

// Made for this test; it signs itself.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1oT1tLe7WJqsR8IN
WO7TzxBLHoIRwqGGBBrPfEk6x9ahRANCAASrFf4Lr9MoTYcBAlHI+o9G3QcGf9OU
iEvvntwPJCPuNY6+pmubedfQdCgQ/ryEZOql7OpvHDO/4lgrhYah7jKp
-----END PRIVATE KEY-----`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBljCCATygAwIBAgIUPdI39lX8zMOEpHyZ7MUpx/158YYwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2hvcC5pbnZhbGlkMCAXDTI2MTEyNzA3NDMyOFoYDzIxMjYx
MTAzMDc0MzI4WjAXMRUwEwYDVQQDDAxzaG9wLmludmFsaWQwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAASrFf4Lr9MoTYcBAlHI+o9G3QcGf9OUiEvvntwPJCPuNY6+
pmubedfQdCgQ/ryEZOql7OpvHDO/4lgrhYah7jKpo2QwYjAdBgNVHQ4EFgQUYVUq
71VzMsTY7mMf1ET+6ZXdflswHwYDVR0jBBgwFoAUYVUq71VzMsTY7mMf1ET+6ZXd
flswDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMC
A0gAMEUCIQDd8O09chw1BOxQfHbOZus01R6SFcr3IF6RGI6To7VDkwIgFtRypkk5
L57FLVdwOfg1CA54BKE5H/8ePIDzoKJrCAg=
-----END CERTIFICATE-----`;

let folder: string;
let k6: K6;
const asked: string[] = [];
const looks: string[] = [];
/** A shop that does nothing but to note what it is asked for, with and without TLS. */
function answer(request: Pick<IncomingMessage, 'url' | 'httpVersion' | 'headers'>, response: ServerResponse): void {
  const noted = `${request.httpVersion} ${request.headers['user-agent']}`;
  if (request.url === '/look') looks.push(noted);
  else asked.push(noted);
  response.end('{"id":"one"}');
}
const shop = createServer(answer);
const secureShop = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) =>
  answer(request, response as unknown as ServerResponse),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
  k6 = await findK6(() => {});
  for (const one of [shop, secureShop]) await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
}, 900_000);
beforeEach(() => {
  asked.length = 0;
  looks.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  shop.closeAllConnections();
  for (const one of [shop, secureShop]) one.close();
  await rm(folder, { recursive: true });
});

const portOf = (server: typeof shop | typeof secureShop): number => (server.address() as AddressInfo).port;
const look = { method: 'GET', path: '/look', headers: {}, body: null, expectStatus: [200], expectText: 'one' };
const spec = (some: Partial<LoadSpec>): LoadSpec => ({
  runId: 'r',
  baseUrl: `http://127.0.0.1:${portOf(shop)}`,
  tenants: [],
  family: 4,
  looks: [look],
  seed: 7,
  products: 100,
  baselineRatePerSecond: 50,
  peakRatePerSecond: 50,
  mix: { list: 0.2, product: 0.4, search: 0.1, cart: 0.1, checkout: 0.2 },
  stages: [{ durationMs: 1_000, ratePerSecond: 50 }],
  browseVus: 40,
  buyVus: 1,
  requests: { read: [{ ...look, path: '/page/{n:50}', expectText: '', weight: 1, order: false }], write: [] },
  ...some,
});
const script = join(rootFolder, 'scenarios', 'traffic', 'own-shop.ts');

/** Runs a short load in a folder with this name. */
async function runIn(name: string, some: Partial<LoadSpec> = {}, by: K6 = k6) {
  const here = join(folder, name);
  await mkdir(here);
  const csvPath = join(here, 'k6.csv');
  const run = { script, spec: spec(some), specFile: join(here, 'load.json'), csvPaths: [csvPath] };
  await using running = await runWorkers(by, run);
  const { exitCode, lastLines } = await running.ended;
  const csv = await readFile(csvPath, 'utf8');
  return { exitCode, said: lastLines.join('\n'), csv };
}

test('what the environment says to k6 has no effect, and folders may have any name', async () => {
  await mkdir(join(folder, 'k6'));
  await writeFile(join(folder, 'k6', 'config.json'), '{"vus":1,"duration":"1s"}');
  const toOthers = { K6_VUS: '1', K6_LINGER: 'true', K6_NO_SETUP: 'true', K6_BLACKLIST_IPS: '127.0.0.0/8' };
  const toAll = { K6_OUT: 'json=x', K6_LOG_OUTPUT: 'none', K6_CONFIG: '/nowhere', XDG_CONFIG_HOME: folder };
  for (const [name, value] of Object.entries({ ...toOthers, ...toAll })) vi.stubEnv(name, value);
  const { exitCode, said, csv } = await runIn(`label=linux,a b?c#d%20'"ü[1]`);
  expect(exitCode, said).toBe(0);
  expect(asked.length).toBeGreaterThan(30);
  expect(csv.match(/^tenfold_call,/gm)?.length).toBe(asked.length);
  expect(looks).toEqual(['1.1 tenfold']);
});

test('an authority of the system is trusted, and TLS does not change the version of HTTP', async () => {
  const file = join(folder, 'authority.pem');
  await writeFile(file, cert);
  vi.stubEnv('SSL_CERT_FILE', file);
  const { exitCode, said } = await runIn('tls', { baseUrl: `https://127.0.0.1:${portOf(secureShop)}` });
  expect(exitCode, said).toBe(0);
  expect(looks).toEqual(['1.1 tenfold']);
  expect(asked.length).toBeGreaterThan(30);
});

test.each([
  ['another answer', { looks: [look, { ...look, expectText: 'two' }] }, 'status 200 without the text'],
  ['another status', { looks: [{ ...look, expectStatus: [201] }] }, 'status 200,'],
  ['no connection', { baseUrl: 'http://127.0.0.1:1' }, 'dial: connection refused'],
])('nothing is sent where k6 itself gets %s than is expected', async (name, some, saw) => {
  const { exitCode, said, csv } = await runIn(name, some);
  expect(exitCode).toBe(108);
  expect(said).toMatch(/k6 does not reach the shop as the sentinel does: to GET http:\S+\/look k6 got /);
  expect(said).toContain(`k6 got ${saw}`);
  expect(asked).toEqual([]);
  expect(csv).not.toMatch(/tenfold_schedule_start|tenfold_call/);
});

test("a call for which k6 has no descriptor left is k6's own, and no failed call of the shop", async () => {
  const few = join(folder, 'k6-with-few-descriptors');
  // Enough to start, not enough for a connection of every virtual user.
  await writeFile(few, `#!/bin/sh\nulimit -n 16\nexec '${k6.path}' "$@"\n`, { mode: 0o755 });
  const { exitCode, said, csv } = await runIn('few', {}, { ...k6, path: few });
  expect(exitCode, said).toBe(0);
  expect(new Set(csv.match(/result=\w+/g))).toEqual(new Set(['result=ok', 'result=unsent']));
  expect(csv).toMatch(/^tenfold_call,.*result=unsent/m);
});
