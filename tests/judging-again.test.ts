import { readdirSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { liveCsvs, sealEvidence } from '../src/drill/evidence.ts';
import type { Comparison } from '../src/model/comparison.ts';
import { evidenceFiles } from '../src/model/evidence.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import type { Verdict } from '../src/model/verdict.ts';
import { rootFolder } from '../src/runtime/processes.ts';
import { findingOf, makePlace, type Place, startTenfold } from './harness.ts';

const recorded = join(rootFolder, 'fixtures', 'runs');
const names = readdirSync(recorded, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** A recorded run in a place of the test's own, as if it came from another machine: without its verdict. */
async function copyOf(place: Place, name: string): Promise<string> {
  const folder = join(place.temp, name);
  await cp(join(recorded, name), folder, { recursive: true });
  await rm(join(folder, 'verdict.json'), { force: true });
  return folder;
}

const verdictIn = (folder: string): Promise<string> => readFile(join(folder, 'verdict.json'), 'utf8');

describe.each(names)('the recorded run %s', (name) => {
  test('is judged to the byte-same verdict as ever (vitest -u writes it)', async () => {
    await using place = await makePlace();
    const folder = await copyOf(place, name);
    const result = await startTenfold(place, ['analyze', folder, '--json']);
    const verdict = await verdictIn(folder);
    await expect(verdict).toMatchFileSnapshot(join(recorded, name, 'verdict.json'));
    expect(result.stdout).toBe(verdict);
    expect(result.exitCode, result.stderr).toBe(exitCodes[(JSON.parse(verdict) as Verdict).outcome]);
  });

  test('names no place and no person', async () => {
    for (const file of ['plan.json', 'drill.json', 'evidence/observations.ndjson'])
      expect(await readFile(join(recorded, name, file), 'utf8')).not.toMatch(/\/(tmp|root|home|work|Users)\//);
  });
});

test('evidence of a load that several processes shared is judged as that of one', async () => {
  await using place = await makePlace();
  const folder = await copyOf(place, 'aurora-failover-holds');
  const evidence = join(folder, 'evidence');
  const [header, ...rows] = gunzipSync(await readFile(join(evidence, evidenceFiles.requests)))
    .toString()
    .trim()
    .split('\n');
  const paths = liveCsvs(evidence, 3);
  for (const [worker, path] of paths.entries())
    await writeFile(path, [header, ...rows.filter((_, row) => row % 3 === worker), ''].join('\n'));
  await rm(join(evidence, evidenceFiles.requests));
  await sealEvidence(evidence);
  await startTenfold(place, ['analyze', folder]);
  expect(await verdictIn(folder)).toBe(await verdictIn(join(recorded, 'aurora-failover-holds')));
});

describe('other objectives', () => {
  test('are judged beside the run, whose own verdict stays', async () => {
    await using place = await makePlace();
    const folder = await copyOf(place, 'aurora-failover-holds');
    await startTenfold(place, ['analyze', folder, '--json']);
    const own = await verdictIn(folder);
    const file = join(place.temp, 'stricter.json');
    await writeFile(file, JSON.stringify({ recovery: [{ path: 'write', objectiveMs: 500 }] }));
    const result = await startTenfold(place, ['analyze', folder, '--objectives', file, '--json']);
    expect(result.exitCode, result.stderr).toBe(exitCodes.fail);
    const again = JSON.parse(await verdictIn(join(folder, 'again', 'stricter'))) as Verdict;
    expect(again).toEqual(JSON.parse(result.stdout));
    expect(findingOf(again, 'recovery.write')).toMatchObject({ outcome: 'fail' });
    expect(findingOf(again, 'recovery.shop')).toBeUndefined();
    // The shop now promises to be well again at another instant; what came before the fault is unchanged.
    const before = ({ latency }: Verdict) => latency.filter(({ phase }) => phase === 'baseline' || phase === 'peak');
    expect(before(again)).toEqual(before(JSON.parse(own) as Verdict));
    expect(await verdictIn(folder)).toBe(own);
  });

  test.each([
    ['a file that is not there', undefined, /there is no file/],
    ['what is not JSON', '{', /is not JSON/],
    ['no objective at all', '{}', /names no objective/],
    [
      'several mistakes, all at once',
      JSON.stringify({ latency: [{ path: 'apii', limitMs: -1, phases: [] }], colour: 'red' }),
      /does not hold objectives:(?=[\s\S]*colour)(?=[\s\S]*latency\[0\]\.path)(?=[\s\S]*latency\[0\]\.limitMs)(?=[\s\S]*latency\[0\]\.phases)/,
    ],
  ])('%s is refused', async (_, text, message) => {
    await using place = await makePlace();
    const file = join(place.temp, 'objectives.json');
    if (text !== undefined) await writeFile(file, text);
    const result = await startTenfold(place, [
      'analyze',
      join(recorded, 'node-loss-interrupted'),
      '--objectives',
      file,
    ]);
    expect(result.exitCode).toBe(exitCodes.invalid);
    expect(result.stderr).toMatch(message);
  });
});

describe('two runs side by side', () => {
  const compared = async (first: string, second: string) => {
    await using place = await makePlace();
    const runs = [first, second].map((name) => join(recorded, name));
    const result = await startTenfold(place, ['compare', ...runs, '--json']);
    return { exitCode: result.exitCode, ...(JSON.parse(result.stdout) as Comparison) };
  };
  const rowOf = ({ rows }: Comparison, what: string) => rows.find((row) => row.what === what);

  test('a run is no different from itself', async () => {
    const same = await compared('aurora-failover-holds', 'aurora-failover-holds');
    expect(same.exitCode).toBe(exitCodes.pass);
    expect(same.alsoDiffers).toEqual([]);
    expect(same.rows.length).toBeGreaterThan(10);
    expect(same.rows.filter(({ difference }) => difference === 'real')).toEqual([]);
  });

  test('a protection that was taken away is named, and the orders that it cost are a real difference', async () => {
    const both = await compared('aurora-failover-holds', 'aurora-failover-loses-orders');
    expect(both.exitCode).toBe(exitCodes.pass);
    expect(both.alsoDiffers).toContain('protections taken away: none and quorum-commit');
    expect(rowOf(both, 'Lost orders')).toMatchObject({ difference: 'real' });
    expect(rowOf(both, 'Duplicated orders')).toMatchObject({ difference: 'none shown' });
  });

  test('another drill is not compared', async () => {
    const both = await compared('aurora-failover-holds', 'spot-eviction-brief');
    expect(both.exitCode).toBe(exitCodes.inconclusive);
    expect(both.incomparable).toEqual([
      'another drill: aurora-failover and spot-eviction',
      'another profile: smoke and brief',
    ]);
    expect(both.rows).toEqual([]);
  });
});
