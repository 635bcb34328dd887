import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Observation } from '../src/model/evidence.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { leftovers, makePlace, type Place, said, startTenfold, theRun } from './harness.ts';
import { configOf, drill, env, type Settings, startShop, writeConfig } from './own-shop.ts';

/** A fault that stays until it is undone. */
const lasting = { lastsMs: 15_000 };

async function observations(place: Place): Promise<Observation[]> {
  const { folder } = await theRun(place, 'no-orders');
  const text = await readFile(join(folder, 'evidence', 'observations.ndjson'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Observation);
}

test.each<[string, Settings]>([
  ['too many calls fail', { stopWhen: ['error-ratio > 5 %'] }],
  [
    'a number of its owner is too high',
    {
      stopWhen: [
        {
          name: 'broken',
          read: { command: { argv: ['sh', '-c', 'ls | grep -c broken || true'], timeoutMs: 1_000 } },
          above: 0,
        },
      ],
    },
  ],
])('a drill is stopped, and its fault undone, within seconds of this: %s', async (_, settings) => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const config = await writeConfig(shop, configOf(shop, settings, lasting));
  const result = await drill(place, 'no-orders', config);
  expect(result.exitCode, result.stderr).toBe(exitCodes.stopped);
  expect(result.stderr).toMatch(/a stop condition was met: (error-ratio > 5 %|broken above 0): it is/);
  expect(existsSync(shop.broken)).toBe(false);
  const seen = await observations(place);
  const atMs = (found: (one: Observation) => boolean) => seen.find(found)?.atMs ?? Number.NaN;
  const stoppedAtMs = atMs(({ kind }) => kind === 'stop');
  const revertedAtMs = atMs((one) => one.kind === 'fault' && one.state === 'reverted');
  expect(revertedAtMs - stoppedAtMs).toBeLessThan(2_000);
  expect((await theRun(place, 'no-orders')).verdict.status).toBe('stopped');
  expect(await leftovers(place)).toEqual([]);
});

test('stop ends a drill from another terminal, and waits until it has undone what it broke', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const config = await writeConfig(shop, configOf(shop, {}, lasting));
  expect((await startTenfold(place, ['stop'])).stdout).toBe('No drill is running on this machine.\n');
  const running = drill(place, 'no-orders', config);
  await said(running, 'fault command proven');
  expect(existsSync(shop.broken)).toBe(true);
  const stop = await startTenfold(place, ['stop']);
  expect(stop.exitCode, stop.stderr).toBe(exitCodes.pass);
  expect(stop.stdout).toMatch(/has ended and undone its changes/);
  expect(existsSync(shop.broken)).toBe(false);
  expect((await running).exitCode).toBe(exitCodes.stopped);
  expect((await theRun(place, 'no-orders')).verdict.status).toBe('interrupted');
  expect(await leftovers(place)).toEqual([]);
});

test('a plan tells what would be hit and undone, and touches nothing', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const hits = [{ kind: 'replica', which: 'shop-1', count: 1, of: 3 }];
  const config = await writeConfig(shop, configOf(shop, {}, { hits }));
  const plan = async (...more: string[]) =>
    await startTenfold(place, ['plan', 'no-orders', '--config', config, ...more], env);
  const text = await plan();
  expect(text.exitCode, text.stderr).toBe(exitCodes.pass);
  expect(text.stdout).toMatch(/hits {6}1 of 3 replicas \(33 %\): shop-1/);
  expect(text.stdout).toMatch(/undo {6}rm -f broken/);
  const json = JSON.parse((await plan('--json')).stdout) as { hits: unknown; guards: { allows: boolean }[] };
  expect(json.hits).toEqual(hits);
  expect(json.guards.every(({ allows }) => allows)).toBe(true);
  expect([existsSync(shop.broken), existsSync(place.reports), shop.orders.size]).toEqual([false, false, 0]);
});

test('a shop on another machine is not touched, unless it is allowed and says so itself', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  // An address for documentation (RFC 5737): nobody answers there, and tenfold asks nobody.
  const config = await writeConfig(shop, configOf(shop, { baseUrl: 'http://198.51.100.1' }));
  const result = await drill(place, 'no-orders', config);
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(
    /allow-list: 198\.51\.100\.1 is on no list of what may be drilled\n {2}if you mean it: guards/,
  );
  expect(result.stderr).toMatch(/opt-in: .*does not say that this shop may be drilled/);
  expect(existsSync(place.reports)).toBe(false);
});

test('production is drilled for a reason, which the report tells', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const config = await writeConfig(shop, configOf(shop, { guards: { environment: 'production' } }));
  const refused = await drill(place, 'traffic-alone', config);
  expect(refused.exitCode, refused.stderr).toBe(exitCodes.invalid);
  expect(refused.stderr).toMatch(/production: this is production, by the config\n {2}--i-mean-production/);
  const args = ['run', 'traffic-alone', '--config', config, '--profile', 'brief', '--reports', place.reports];
  const meant = await startTenfold(place, [...args, '--i-mean-production', 'game day 12'], env);
  expect([exitCodes.pass, exitCodes.fail, exitCodes.inconclusive], meant.stderr).toContain(meant.exitCode);
  const { folder } = await theRun(place, 'traffic-alone');
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toMatch(
    'Drilled on production, for this reason: game day 12',
  );
});
