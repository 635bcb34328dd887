import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdOf, type StoredRun, storeRun } from '../../tests/support/runs/stored-run.ts';
import type { Verdict } from '../model/verdict.ts';
import { findRuns } from './find-runs.ts';
import { countRuns, drillsIn, leftOutOf, runsIn, seriesIn } from './queries.ts';
import { refreshedHistory } from './refresh.ts';

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'tenfold-history-'));
});
afterEach(async () => await rm(reports, { recursive: true }));

const store = (run: StoredRun): Promise<string> => storeRun(reports, run);
const nobody = () => {};

/** All that the history tells. */
async function told() {
  using history = await refreshedHistory(reports, nobody);
  return {
    runs: await runsIn(history, {}),
    series: await Promise.all((await drillsIn(history)).map((drill) => seriesIn(history, drill))),
    leftOut: await leftOutOf(history),
  };
}
const leftOut = async () => (await told()).leftOut;

async function rebuilt() {
  await rm(join(reports, 'history.duckdb'));
  return await told();
}

async function edit(folder: string, file: string, change: (json: Verdict) => void): Promise<void> {
  const path = join(reports, folder, file);
  const json = JSON.parse(await readFile(path, 'utf8'));
  change(json);
  await writeFile(path, JSON.stringify(json, null, 2));
}

test('a run is what its verdict says, with its intervals; the newest comes first', async () => {
  await store({ day: 1, recoveryS: 6.418, commit: 'first' });
  await store({ day: 2, recoveryS: null, commit: 'second' });
  await store({ day: 3, status: 'crashed' });
  const { runs } = await told();
  expect(runs.map(({ runId, outcome, status }) => [runId, outcome, status])).toEqual([
    [runIdOf(3), 'inconclusive', 'crashed'],
    [runIdOf(2), 'fail', 'completed'],
    [runIdOf(1), 'pass', 'completed'],
  ]);
  const [, away, back] = runs;
  expect(back).toMatchObject({ commit: 'first', dirty: false, target: 'local', profile: 'laptop', without: [] });
  expect(back?.measures).toContainEqual({
    id: 'recovery.write',
    valueMs: 6418,
    lowMs: 6408,
    highMs: 6428,
    isPromised: true,
  });
  expect(away?.measures).toContainEqual(
    expect.objectContaining({ id: 'recovery.write', valueMs: Number.POSITIVE_INFINITY, highMs: null }),
  );
  expect(back?.measures).toContainEqual({
    id: 'detection.proof',
    valueMs: 2110,
    lowMs: null,
    highMs: null,
    isPromised: false,
  });
  expect(back?.measures.find(({ id }) => id === 'p99.checkout.fault')).toMatchObject({
    valueMs: Number.POSITIVE_INFINITY,
  });
});

test('runs below prove and in folders of somebody’s own count, too; links, drafts and what was judged again do not', async () => {
  const folder = await store({ day: 1 });
  await mkdir(join(reports, 'prove', 'm', 'runs'), { recursive: true });
  await cp(join(reports, 'aurora-failover'), join(reports, 'prove', 'm', 'runs', 'aurora-failover'), {
    recursive: true,
  });
  await rm(join(reports, 'aurora-failover'), { recursive: true });
  await store({ day: 2 });
  await cp(join(reports, await store({ day: 3 })), join(reports, 'aurora-failover', '.draft-1'), { recursive: true });
  const again = join(reports, 'prove', 'm', 'runs', folder, 'again', 'stricter');
  await mkdir(again, { recursive: true });
  await copyFile(join(again, '..', '..', 'verdict.json'), join(again, 'verdict.json'));
  const { runs, leftOut } = await told();
  expect(runs.map(({ runId }) => runId)).toEqual([runIdOf(3), runIdOf(2), runIdOf(1)]);
  expect(leftOut).toEqual([]);
});

test('what came, changed, or is gone is what a history that is built anew has', async () => {
  const [first, second] = [await store({ day: 1 }), await store({ day: 2 })];
  await store({ day: 3, drill: 'node-loss' });
  expect(await told()).toEqual(await rebuilt());
  await rm(join(reports, first), { recursive: true });
  await store({ day: 2, recoveryS: 9 });
  await store({ day: 4, plan: { without: ['quorum-commit'] } });
  const after = await told();
  expect(after.runs.map(({ folder }) => folder)).not.toContain(first);
  expect(after.runs.find(({ folder }) => folder === second)?.measures[0]).toMatchObject({ valueMs: 9_000 });
  expect(after).toEqual(await rebuilt());
  expect(after.series).toHaveLength(2);
});

test('only what is new or changed is read', async () => {
  const folder = await store({ day: 1 });
  await told();
  // Nobody looks into a file of the same size and time.
  const path = join(reports, folder, 'facts.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, 'x'.repeat(Buffer.byteLength(text)));
  await utimes(path, 1_700_000_000, 1_700_000_000);
  expect(await leftOut()).toMatchObject([{ why: expect.stringContaining('facts.json is not JSON') }]);
  await writeFile(path, text);
  await utimes(path, 1_700_000_000, 1_700_000_000);
  expect(await leftOut()).toHaveLength(1);
  await utimes(path, 1_700_000_001, 1_700_000_001);
  expect(await leftOut()).toEqual([]);
});

test('every folder that cannot be read is told by name, with the reason, and the others count', async () => {
  const bad = {
    older: await store({ day: 1 }),
    cut: await store({ day: 2 }),
    better: await store({ day: 3, lost: 2 }),
    consistent: await store({ day: 4, lost: 2 }),
    faster: await store({ day: 5 }),
    removed: await store({ day: 6 }),
    unjudged: await store({ day: 7 }),
    spoilt: await store({ day: 8 }),
    strange: await store({ day: 9 }),
    planless: await store({ day: 10 }),
  };
  await store({ day: 11 });
  await edit(bad.older, 'verdict.json', (verdict) => Object.assign(verdict, { schemaVersion: 1 }));
  await truncate(join(reports, bad.cut, 'verdict.json'), 2_000);
  await edit(bad.better, 'verdict.json', (verdict) => Object.assign(verdict, { outcome: 'pass' }));
  await edit(bad.consistent, 'verdict.json', (verdict) => {
    verdict.outcome = 'pass';
    for (const finding of verdict.findings) if (finding.outcome === 'fail') finding.outcome = 'pass';
  });
  await edit(bad.faster, 'verdict.json', (verdict) => Object.assign(verdict.recovery[0] as object, { actualMs: 12 }));
  await rm(join(reports, bad.removed, 'facts.json'));
  await rm(join(reports, bad.unjudged, 'verdict.json'));
  await writeFile(join(reports, bad.spoilt, 'facts.json'), '{"run": {}}');
  await edit(bad.strange, 'verdict.json', (verdict) => Object.assign(verdict, { outcome: 'great' }));
  await rm(join(reports, bad.planless, 'plan.json'));
  const { runs, leftOut } = await told();
  expect(runs.map(({ runId }) => runId)).toEqual([runIdOf(11)]);
  const why = (folder: string) => leftOut.find((one) => one.folder === folder)?.why;
  expect(leftOut).toHaveLength(Object.keys(bad).length);
  expect(why(bad.older)).toContain('schema version 1, this tenfold reads 2');
  expect(why(bad.cut)).toContain('verdict.json is not JSON, or was cut');
  expect(why(bad.better)).toContain('its outcome is not that of its findings');
  expect(why(bad.consistent)).toContain('the outcome of orders.lost');
  expect(why(bad.faster)).toContain('recovery times');
  expect(why(bad.removed)).toContain('there is no facts.json');
  expect(why(bad.unjudged)).toContain('there is no verdict.json: it is still running');
  expect(why(bad.spoilt)).toContain('facts.json cannot be judged');
  expect(why(bad.strange)).toContain('verdict.json is not a verdict');
  expect(why(bad.planless)).toContain('it has no plan.json');
});

test('a run that was moved counts, one that was copied counts once, and both are told', async () => {
  const [copied, moved] = [await store({ day: 1 }), await store({ day: 2 })];
  await cp(join(reports, copied), join(reports, 'aurora-failover', 'a-copy'), { recursive: true });
  await cp(join(reports, copied), join(reports, 'archive', 'of-2026', copied), { recursive: true });
  await rename(join(reports, moved), join(reports, 'aurora-failover', 'the-good-one'));
  using history = await refreshedHistory(reports, nobody);
  expect(await countRuns(history)).toBe(2);
  expect((await runsIn(history, {})).map(({ folder }) => folder)).toEqual(['aurora-failover/the-good-one', copied]);
  expect((await leftOutOf(history)).map(({ folder, why }) => [folder, why])).toEqual([
    [`archive/of-2026/${copied}`, `it holds run ${runIdOf(1)}, which is counted once, from ${copied}`],
    ['aurora-failover/a-copy', `it holds run ${runIdOf(1)}, which is counted once, from ${copied}`],
    ['aurora-failover/the-good-one', expect.stringContaining(`it holds run ${runIdOf(2)}, so it was renamed`)],
  ]);
});

test('the copies in a review are no runs of the reports, and are found in its own evidence', async () => {
  const folder = await store({ day: 1 });
  const reviews = [join('review', '2026-01-16-a'), join('archive', 'review', '2026-01-16-b')];
  for (const review of reviews)
    await cp(join(reports, folder), join(reports, review, 'evidence', folder), { recursive: true });
  const { runs, leftOut } = await told();
  expect(runs.map((run) => run.folder)).toEqual([folder]);
  expect(leftOut).toEqual([]);
  for (const review of reviews)
    expect(findRuns(join(reports, review, 'evidence')).map((found) => found.folder)).toEqual([folder]);
});

test('a history that is damaged, of another version, or no file of DuckDB is built anew', async () => {
  await store({ day: 1 });
  const first = await told();
  const path = join(reports, 'history.duckdb');
  await truncate(path, 5_000);
  expect(await told()).toEqual(first);
  await writeFile(path, 'not a database');
  expect(await told()).toEqual(first);
});

test('without a run, it is said so', async () => {
  await expect(refreshedHistory(reports, nobody)).rejects.toThrow('there is no run in');
  await expect(refreshedHistory(join(reports, 'nowhere'), nobody)).rejects.toThrow('there is no run in');
});

/** Another process that reads the history of the same reports. */
function reader(as: { isNobody: boolean } = { isNobody: false }) {
  const url = (name: string): string => new URL(name, import.meta.url).href;
  const script = `
    import { refreshedHistory } from '${url('refresh.ts')}';
    import { countRuns } from '${url('queries.ts')}';
    import '${url('read-run.ts')}';
    if (${as.isNobody}) process.setuid(65534);
    using history = await refreshedHistory(process.argv[1], () => {});
    console.log(await countRuns(history));`;
  return spawn(process.execPath, ['--input-type=module', '-e', script, reports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const countedBy = async ({ stdout }: ReturnType<typeof reader>): Promise<number> =>
  Number((await stdout.toArray()).join(''));

test('a folder that the machine refuses is tried again by the next command', async () => {
  const folder = await store({ day: 1 });
  await store({ day: 2 });
  // Root may read everything.
  const as = { isNobody: process.getuid?.() === 0 };
  for (const path of [reports, join(reports, 'aurora-failover')]) await chmod(path, 0o777);
  await chmod(join(reports, folder, 'facts.json'), 0);
  expect(await countedBy(reader(as))).toBe(1);
  await chmod(join(reports, folder, 'facts.json'), 0o644);
  expect(await countedBy(reader(as))).toBe(2);
});

test('several commands at once all see every run, and leave one whole history', async () => {
  for (let day = 0; day < 12; day += 1) await store({ day });
  const readers = [reader(), reader(), reader()];
  const counts = await Promise.all(readers.map(countedBy));
  expect(counts).toEqual([12, 12, 12]);
  expect(await told()).toEqual(await rebuilt());
  expect((await readdir(reports)).sort()).toEqual(['aurora-failover', 'history.duckdb']);
});

test('a kill in the middle leaves the history as it was, and the next command takes away what it was writing', async () => {
  await store({ day: 0 });
  await told();
  const before = join(reports, 'history.before');
  await copyFile(join(reports, 'history.duckdb'), before);
  for (let day = 1; day < 40; day += 1) await store({ day });
  const child = reader();
  const draft = `history.duckdb.draft-${child.pid}`;
  while (child.exitCode === null && !(await readdir(reports)).includes(draft)) await new Promise(setImmediate);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const drafted = (await readdir(reports)).filter((name) => name.includes('.draft-'));
  // Killed within the writing, as a rule; if it was too quick, the history is whole already.
  if (drafted.length > 0) expect(await readFile(join(reports, 'history.duckdb'))).toEqual(await readFile(before));
  expect((await told()).runs).toHaveLength(40);
  expect((await readdir(reports)).filter((name) => name.includes('.draft-'))).toEqual([]);
});
