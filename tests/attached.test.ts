import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { rootFolder } from '../src/runtime/processes.ts';
import {
  expectWhatHoldsOnAnyHost,
  findingOf,
  leftovers,
  leftoversAfterAWhile,
  makePlace,
  type Place,
  said,
  startTenfold,
  theRun,
} from './harness.ts';
import { configOf, drill, env, type Settings, type Shop, startShop, token, writeConfig } from './own-shop.ts';

/** The paths of the shop's config, but with another probe of reads. */
const withRead = (shop: Shop, probe: Settings): Settings => ({
  ...(configOf(shop).paths as Settings),
  read: { limitMs: 1, probe },
});

/** All that a run wrote, uncompressed. */
async function allText(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const texts = files.map(async ({ parentPath, name }) => {
    const content = await readFile(join(parentPath, name));
    return (name.endsWith('.gz') ? gunzipSync(content) : content).toString();
  });
  return (await Promise.all(texts)).join('\n');
}

/** What other work on the machine may have left: none of it concerns the shop. */
const saidToOthers = {
  HTTP_PROXY: 'http://127.0.0.1:1',
  http_proxy: 'http://127.0.0.1:1',
  K6_VUS: '1',
  K6_LINGER: 'true',
  K6_BLACKLIST_IPS: '127.0.0.0/8',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
};

test('a good shop under traffic alone, whatever is said to others: its paths are judged, its orders read back', async () => {
  const place = await makePlace();
  // Like a build server's folder for one of its variants.
  await using odd = { ...place, reports: join(place.reports, 'label=linux,jdk=21 #1') };
  await using shop = await startShop(odd);
  const { paths, ...rest } = configOf(shop) as { paths: Record<string, Settings> };
  // More than fits into an environment variable.
  const requests = Array.from({ length: 1_500 }, (_, n) => ({
    path: `/products/${n}?campaign=größe-${'x'.repeat(90)}`,
  }));
  const config = { ...rest, paths: { ...paths, read: { ...paths.read, requests } } };
  const result = await drill(odd, 'traffic-alone', await writeConfig(shop, config), { ...env, ...saidToOthers });
  const { verdict, folder } = await theRun(odd, 'traffic-alone');
  expect(result.stderr).toContain('Not used: HTTP_PROXY, http_proxy');
  expect(verdict.environment.fidelity.join()).toContain('Not used: HTTP_PROXY, http_proxy');
  expectWhatHoldsOnAnyHost(verdict, result.stderr);
  expect([exitCodes.pass, exitCodes.inconclusive]).toContain(result.exitCode);
  expect(findingOf(verdict, 'peak-reached'), result.stderr).toMatchObject({ outcome: 'pass' });
  expect(verdict.target).toBe('attached');
  expect(verdict.latency.find(({ path, phase }) => path === 'api' && phase === 'peak')?.count).toBeGreaterThan(300);
  const ordered = [...shop.orders.keys()].filter((key) => key.startsWith(verdict.runId));
  expect(verdict.orders).toMatchObject({ persisted: ordered.length, lost: 0, unexpected: 0 });
  expect(ordered.length).toBeGreaterThan(100);
  expect(await allText(folder)).not.toContain(token);
  expect(result.stdout + result.stderr).not.toContain(token);
  expect(await leftovers(odd)).toEqual([]);
});

test('a shop that k6 does not reach as the sentinel does is sent no load, and both are told', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const { paths, ...rest } = configOf(shop) as { paths: Record<string, Settings> };
  const write = { ...paths.write, probe: { method: 'POST', path: '/orders/{key}', expectStatus: [201] } };
  const result = await drill(place, 'traffic-alone', await writeConfig(shop, { ...rest, paths: { ...paths, write } }));
  expect(result.exitCode, result.stderr).toBe(exitCodes.inconclusive);
  expect(result.stderr).toMatch(/k6 does not reach the shop as the sentinel does: to POST http:\S+ k6 got status 403/);
  expect((await theRun(place, 'traffic-alone')).verdict).toMatchObject({ status: 'crashed', outcome: 'inconclusive' });
  expect(shop.orders.size).toBe(0);
  expect(await leftovers(place)).toEqual([]);
});

const ownScript = `
  import http from 'k6/http';
  import { arrivals, evidenceOptions, load, paceScenario, startSchedule, timed } from '${rootFolder}/scenarios/traffic/contract.ts';
  export { pace } from '${rootFolder}/scenarios/traffic/contract.ts';
  export const options = { ...evidenceOptions, scenarios: { shoppers: arrivals('shop', 1, load.browseVus), pace: paceScenario } };
  export const setup = startSchedule;
  export function shop() {
    timed('product', 1, () => http.get(\`\${load.baseUrl}/products/7\`));
  }
`;

test("a fault by commands is proven, taken back in time, and its recovery measured, under traffic of a script of one's own", async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  await writeFile(join(shop.folder, 'traffic.ts'), ownScript);
  const traffic = { baselineRatePerSecond: 6, script: './traffic.ts' };
  const changed = { orders: null, traffic, secrets: ['SHOP_TOKEN'] };
  const result = await drill(place, 'no-orders', await writeConfig(shop, configOf(shop, changed)));
  const { verdict, folder } = await theRun(place, 'no-orders');
  expect(verdict.status, result.stderr).toBe('completed');
  expect(findingOf(verdict, 'peak-reached'), result.stderr).toMatchObject({ outcome: 'pass' });
  expect(verdict.fault).toMatchObject({ kind: 'command', proof: 'orders are refused, ***' });
  const { revertedAt, injectedAt } = verdict.fault ?? {};
  const brokenMs = Date.parse(revertedAt ?? '') - Date.parse(injectedAt ?? '');
  expect(brokenMs).toBeGreaterThanOrEqual(4_000);
  expect(findingOf(verdict, 'recovery.write'), result.stderr).toMatchObject({ outcome: 'pass' });
  // It was back when the file was gone: no sooner, and not much later than the end of the undo.
  const { actualMs } = verdict.recovery.find(({ path }) => path === 'write') ?? {};
  expect(actualMs).toBeGreaterThan(3_900);
  expect(actualMs).toBeLessThan(brokenMs + 500);
  expect(verdict.recovery.find(({ path }) => path === 'read')).toMatchObject({ badMs: 0, outcome: 'pass' });
  // Nothing is said about orders that are not read back, and the report says why.
  expect(verdict.findings.filter(({ id }) => id.startsWith('orders'))).toEqual([]);
  expect(verdict.orders).toMatchObject({ attempted: null, lost: null });
  expect(verdict.environment.fidelity.join()).toContain('Orders are not read back');
  expect(existsSync(shop.broken)).toBe(false);
  expect(await allText(folder)).not.toContain(token);
  expect(result.stdout + result.stderr).not.toContain(token);
  expect(await leftovers(place)).toEqual([]);
});

test('an inject that hangs is ended with all its processes, and its undo is made', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const inject = { argv: ['sh', '-c', 'touch broken; sleep 987 & sleep 987'], timeoutMs: 1_000 };
  const result = await drill(place, 'no-orders', await writeConfig(shop, configOf(shop, {}, { inject })));
  expect(result.exitCode, result.stderr).toBe(exitCodes.inconclusive);
  expect(result.stderr).toMatch(/could not be injected: sh -c .* did not end within 1 s, so it was ended/);
  expect((await theRun(place, 'no-orders')).verdict).toMatchObject({ status: 'crashed', outcome: 'inconclusive' });
  expect(existsSync(shop.broken)).toBe(false);
  expect(await leftovers(place)).toEqual([]);
});

test('an undo that fails is told by the exit code and kept, and the next command makes it before anything else', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  // It works once a file says so.
  const undo = { argv: ['sh', '-c', 'test -e may-be-mended && rm -f broken'], timeoutMs: 2_000 };
  const inject = { argv: ['sh', '-c', 'touch broken; exit 3'], timeoutMs: 5_000 };
  const config = await writeConfig(shop, configOf(shop, {}, { undo, inject }));
  const first = await drill(place, 'no-orders', config);
  expect(first.exitCode, first.stderr).toBe(exitCodes.dirty);
  expect(first.stderr).toMatch(/the platform may be dirty[\s\S]*may-be-mended/);
  const journal = await readFile(join((await theRun(place, 'no-orders')).folder, 'journal.ndjson'), 'utf8');
  expect(journal).toMatch(/will-change[\s\S]*undo-failed/);
  expect(journal).not.toContain('"undone"');

  const second = await drill(place, 'traffic-alone', config);
  expect(second.exitCode, second.stderr).toBe(exitCodes.dirty);
  expect(existsSync(join(place.reports, 'traffic-alone'))).toBe(false);

  await writeFile(join(shop.folder, 'may-be-mended'), '');
  // The third drill itself is refused, after it has cleaned up.
  await writeConfig(shop, configOf(shop, { paths: withRead(shop, { path: '/old' }) }));
  const third = await drill(place, 'traffic-alone', config);
  expect(third.stderr).toContain('cleaning up after a drill that died');
  expect(third.exitCode, third.stderr).toBe(exitCodes.invalid);
  expect(existsSync(shop.broken)).toBe(false);
  const fourth = await drill(place, 'traffic-alone', config);
  expect(fourth.stderr).not.toContain('cleaning up');
  expect(await leftovers(place)).toEqual([]);
});

const bad: [string, (shop: Shop) => unknown, RegExp][] = [
  [
    'wrong types and unknown keys, all at once',
    (shop) => ({
      ...configOf(shop),
      traffic: { baselineRatePerSecond: 'many', script: 'gone.ts' },
      replicas: 3,
      typo: 1,
    }),
    /(?=[\s\S]*baselineRatePerSecond)(?=[\s\S]*replicas)(?=[\s\S]*typo)(?=[\s\S]*gone\.ts)/,
  ],
  [
    'a shop that is not there',
    (shop) => configOf(shop, { baseUrl: 'http://127.0.0.1:1' }),
    /127\.0\.0\.1:1 cannot be reached/,
  ],
  [
    'a name that is not there',
    (shop) => configOf(shop, { baseUrl: 'http://shop.invalid' }),
    /shop\.invalid cannot be reached/,
  ],
  [
    'a base URL with a path',
    (shop) => configOf(shop, { baseUrl: `${shop.url}/eu` }),
    /scheme, host and port only[\s\S]*baseUrl/,
  ],
  [
    'a base URL with a password',
    (shop) => configOf(shop, { baseUrl: shop.url.replace('//', `//me:${token}@`) }),
    /credentials to a header/,
  ],
  [
    'a probe that redirects',
    (shop) => configOf(shop, { paths: withRead(shop, { path: '/old' }) }),
    /GET http:\S+\/old redirects \(302 to http:\S+\/products\/1\)/,
  ],
  [
    'a probe that is answered otherwise, and a ledger that refuses',
    (shop) =>
      configOf(shop, {
        paths: {
          read: { limitMs: 1, probe: { path: '/nowhere' } },
          write: {
            limitMs: 1,
            probe: { path: '/products/1', expectText: 'gold' },
            requests: [{ path: '/', order: true }],
          },
        },
        orders: { from: 'http', path: '/ledger?prefix={key}' },
      }),
    /\/nowhere answers 404, not 200[\s\S]*without the text[\s\S]*orders cannot be read back: GET \/ledger\S* answers 401/,
  ],
  [
    'a database that cannot be reached',
    (shop) =>
      configOf(shop, { orders: { from: 'sql', url: { env: 'SHOP_DB' }, query: 'select $1', timeoutMs: 2_000 } }),
    /orders cannot be read back: .*ECONNREFUSED/,
  ],
  [
    'a k6 script that is not there',
    (shop) => configOf(shop, { traffic: { baselineRatePerSecond: 6, script: './gone.ts' } }),
    /there is no k6 script \S+shop\/gone\.ts/,
  ],
  [
    'a secret that is not set',
    (shop) =>
      configOf(shop, {
        orders: { from: 'http', path: '/ledger?prefix={key}', headers: { a: { env: 'NO_SUCH_SECRET' } } },
      }),
    /NO_SUCH_SECRET is not set/,
  ],
  [
    'a secret that cannot be sent',
    (shop) =>
      configOf(shop, {
        paths: withRead(shop, { path: '/products/1', headers: { a: { env: 'PASTED_SECRET', prefix: 'Bearer ' } } }),
      }),
    /PASTED_SECRET cannot be sent: it holds a line break at its end/,
  ],
  [
    'what no URL and no header can hold',
    (shop) =>
      configOf(shop, {
        paths: withRead(shop, {
          path: '/products/1#top',
          headers: { 'x-shop': 'Größe', Connection: 'close', 'a b': '', 'X-Shop': 'b' },
        }),
      }),
    /(?=[\s\S]*holds a #)(?=[\s\S]*printable ASCII)(?=[\s\S]*whoever sends the request)(?=[\s\S]*no name of a header)(?=[\s\S]*is there twice)/,
  ],
  [
    'a command as a line for a shell',
    (shop) => configOf(shop, {}, { inject: { argv: 'rm -rf broken', timeoutMs: 1_000 } }),
    /must be a list of a program and its arguments/,
  ],
  [
    'a fault that outlasts the load',
    (shop) => configOf(shop, {}, { lastsMs: 60_000 }),
    /the fault lasts 60 s, and the load ends 18 s after the injection/,
  ],
  [
    'a recovery of writes where nothing is written',
    (shop) => configOf(shop, { orders: null, paths: { read: { limitMs: 1, probe: { path: '/products/1' } } } }),
    /there is no paths\.write to probe/,
  ],
  ['something that is no config', () => '1', /expected object/],
  ['something that is no TypeScript', () => '{{{', /cannot be loaded/],
  ['something that is not there', () => undefined, /has no default export/],
];

test.each(bad)('%s is refused, and nothing is started', async (_, config, message) => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const more = { ...env, SHOP_DB: `postgres://shop:${token}@127.0.0.1:1/shop`, PASTED_SECRET: `${token}\n` };
  const result = await drill(place, 'no-orders', await writeConfig(shop, config(shop)), more);
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(message);
  expect(result.stdout).toBe('');
  expect(result.stderr).not.toContain(token);
  expect(existsSync(join(place.reports, 'no-orders'))).toBe(false);
  expect(await leftovers(place)).toEqual([]);
});

// Made for this test, for a name that does not exist; self-signed.
const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRSS2Qv4eDxTRsakt
T8VGKBF537Aaj+qkNOwoSotrNzahRANCAASs5sZicGsZPdevmhJ41PdwekWCIOdn
TRnk14UkiUK7Op1/ONszURP7tHuTxZ2158RNqaZQ07rTgpHafYHfrkNV
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIUK7fkQ08UqknaJCPirzUHrV8Elc8wCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2hvcC5pbnZhbGlkMCAXDTI2MTEyMTE4MDAxNVoYDzIxMjYx
MDI4MTgwMDE1WjAXMRUwEwYDVQQDDAxzaG9wLmludmFsaWQwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAASs5sZicGsZPdevmhJ41PdwekWCIOdnTRnk14UkiUK7Op1/
ONszURP7tHuTxZ2158RNqaZQ07rTgpHafYHfrkNVo1MwUTAdBgNVHQ4EFgQUUzUd
cxbsAv7rbW7C1a/Wen9OZBIwHwYDVR0jBBgwFoAUUzUdcxbsAv7rbW7C1a/Wen9O
ZBIwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBkeLcBCsOSJo+8
55msXO0iVyHarFLGbbNVvippmfHjpAIhAL5NGpModR77fLrkVMURw4OdS+tRO9mk
K+uohxf/PkSo
-----END CERTIFICATE-----`,
};

test('a certificate that nobody vouches for is refused', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const server = createTlsServer(selfSigned, (_, response) => response.end('{"id":1}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const careless = { ...env, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const config = await writeConfig(shop, configOf(shop, { baseUrl, orders: null }));
  const result = await drill(place, 'no-orders', config, careless);
  server.close();
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(/the certificate of https:\S+ is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT/);
  expect(existsSync(join(place.reports, 'no-orders'))).toBe(false);
});

test('a drill that needs what no shop of somebody has is refused by its name, with the way out', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const config = await writeConfig(shop, configOf(shop));
  const failover = await drill(place, 'aurora-failover', config);
  expect(failover.exitCode, failover.stderr).toBe(exitCodes.invalid);
  expect(failover.stderr).toMatch(/attached lacks database-failover[\s\S]*what to do: .*docs\/ATTACHED\.md/);
  const unknown = await drill(place, 'no-order', config);
  expect(unknown.exitCode, unknown.stderr).toBe(exitCodes.invalid);
  expect(unknown.stderr).toMatch(/has no drill no-order[\s\S]*did you mean no-orders\?/);
});

test('init writes a config that can be described, and never over one that is there', async () => {
  await using place = await makePlace();
  const config = join(place.temp, 'mine', 'tenfold.config.ts');
  const written = await startTenfold(place, ['init', config]);
  expect(written.exitCode, written.stderr).toBe(exitCodes.pass);
  const described = await startTenfold(place, ['describe', 'checkout-down', '--config', config]);
  expect(described.exitCode, described.stderr).toBe(exitCodes.pass);
  expect(described.stdout).toMatch(/target {4}attached[\s\S]*writes back within 30 s[\s\S]*orders .*not read back/);
  await writeFile(config, 'mine');
  const again = await startTenfold(place, ['init', config]);
  expect(again.exitCode, again.stderr).toBe(exitCodes.invalid);
  expect(await readFile(config, 'utf8')).toBe('mine');
});

/** A drill that is killed in mid-fault. Returns the path of its config. */
async function killInMidFault(place: Place, shop: Shop): Promise<string> {
  const config = await writeConfig(shop, configOf(shop, {}, { lastsMs: 15_000 }));
  const running = drill(place, 'no-orders', config);
  await said(running, 'fault command proven');
  running.kill('SIGKILL');
  await running;
  expect(existsSync(shop.broken)).toBe(true);
  return config;
}

test('a fault that a kill left is undone by cleanup: from the run folder elsewhere, and from the state folder without it', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  await killInMidFault(place, shop);
  const { folder, verdict } = await theRun(place, 'no-orders');
  const cleanup = (args: string[], more: Record<string, string> = {}) =>
    startTenfold(place, ['cleanup', ...args], { ...env, ...more });

  // As on another machine, which has only the folder.
  const elsewhere = await cleanup([folder], { XDG_STATE_HOME: join(place.mark, 'elsewhere') });
  expect(elsewhere.exitCode, elsewhere.stderr).toBe(exitCodes.pass);
  expect(elsewhere.stdout).toBe(`Undone: the changes of ${verdict.runId}.\n`);
  expect(existsSync(shop.broken)).toBe(false);

  // As after `git clean -ffdx`, with the fault still there.
  await writeFile(shop.broken, '');
  await rm(place.reports, { recursive: true });
  const here = await cleanup([]);
  expect(here.exitCode, here.stderr).toBe(exitCodes.pass);
  expect(here.stdout).toMatch(`Undone: the changes of ${verdict.runId} on attached-127.0.0.1-`);
  expect(existsSync(shop.broken)).toBe(false);
  expect((await cleanup([])).stdout).toBe('Nothing was left to undo.\n');
  expect(await leftoversAfterAWhile(place)).toEqual([]);
});

test('where the journal of a drill that died is gone the next one stops and says so, until somebody unlocks', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const config = await killInMidFault(place, shop);
  await rm(place.reports, { recursive: true });
  await rm(join(place.mark, 'state', 'tenfold', 'journals'), { recursive: true });

  const next = await drill(place, 'traffic-alone', config);
  expect(next.exitCode, next.stderr).toBe(exitCodes.dirty);
  expect(next.stderr).toMatch(
    /died while using this platform, and its journal is gone[\s\S]*what it changed is unknown/,
  );
  const platform = /unlock (attached-\S+)/.exec(next.stderr)?.[1] ?? '';
  const unlock = (...args: string[]) => startTenfold(place, ['unlock', ...args], env);
  expect((await unlock()).stdout).toMatch(`${platform}  left by drill`);
  expect(await unlock(platform)).toMatchObject({ exitCode: exitCodes.invalid });
  const freed = await unlock(platform, '--reason', 'mended by hand');
  expect(freed.exitCode, freed.stderr).toBe(exitCodes.pass);
  expect((await unlock()).stdout).toBe('No platform is locked, and nothing is left to undo.\n');
  expect(await leftoversAfterAWhile(place)).toEqual([]);
});
