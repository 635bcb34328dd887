import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { shareOut } from '../../fixtures/evidence/share-out.ts';
import type { Observation } from '../model/evidence.ts';
import { sealEvidence } from './evidence.ts';
import { judgeStored } from './judge-run.ts';

/* The load of a run may come from one k6 or from many: what is said about the shop is the same. */

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function copyOf(run: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-shared-'));
  folders.push(folder);
  await cp(fileURLToPath(new URL(`../../fixtures/${run}`, import.meta.url)), folder, { recursive: true });
  return folder;
}

/** Judged as one k6 recorded it, or as so many pods would have. */
async function judged(run: string, pods?: number) {
  const folder = await copyOf(run);
  const evidence = join(folder, 'evidence');
  if (pods !== undefined) await shareOut(evidence, pods);
  await sealEvidence(evidence);
  return await judgeStored(folder);
}

test.each([
  ['evidence/aurora-failover', 200],
  ['runs/aurora-failover-holds', 2],
  ['runs/aurora-failover-loses-orders', 7],
  ['runs/node-loss-interrupted', 3],
  ['runs/spot-eviction-brief', 4],
])('the verdict on %s by %d pods is that by one k6, to the byte', async (run, pods) => {
  const one = await judged(run);
  const many = await judged(run, pods);
  expect(JSON.stringify(many.verdict)).toBe(JSON.stringify(one.verdict));
  const { pods: named, ...load } = many.facts.load;
  expect(named).toHaveLength(pods);
  expect(JSON.stringify({ ...many.facts, load })).toBe(JSON.stringify(one.facts));
});

const observations = async (folder: string): Promise<Observation[]> => {
  const text = await readFile(join(folder, 'evidence', 'observations.ndjson'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Observation);
};

/** A recorded run by four pods, some of whose observations are changed. */
async function spoilt(change: (one: Observation) => Observation[]) {
  const folder = await copyOf('runs/aurora-failover-holds');
  await shareOut(join(folder, 'evidence'), 4);
  const changed = (await observations(folder)).flatMap(change);
  const lines = changed.map((one) => `${JSON.stringify(one)}\n`).join('');
  await writeFile(join(folder, 'evidence', 'observations.ndjson'), lines);
  await sealEvidence(join(folder, 'evidence'));
  return await judgeStored(folder);
}

test('what a lost pod should have sent is dropped load, in its phases, and nothing that rests on the load passes', async () => {
  const whole = await judged('runs/aurora-failover-holds', 4);
  const { peakStartMs, injectedAtMs } = whole.facts.timeline;
  // In the middle of the peak.
  const lastSampleMs = ((peakStartMs ?? 0) + (injectedAtMs ?? 0)) / 2;
  const { facts, verdict } = await spoilt((one) =>
    one.kind === 'load-pod-end' && one.pod === 'runner-3'
      ? [{ ...one, exitCode: 137, because: 'OOMKilled, exit code 137', lost: true, lastSampleMs }]
      : [one],
  );
  const owed = facts.load.pods?.find(({ pod }) => pod === 'runner-3')?.owed ?? [];
  const ofPeak = owed.find(({ phase }) => phase === 'peak')?.count;
  const seconds = ((injectedAtMs ?? 0) - lastSampleMs) / 1000;
  expect(ofPeak).toBe(Math.ceil((600 / 4) * seconds));
  expect(owed.map(({ phase }) => phase)).toEqual(['peak', 'fault']);
  const sum = owed.reduce((all, { count }) => all + count, 0);
  expect(facts.load.dropped).toBe((whole.facts.load.dropped ?? 0) + sum);

  const finding = verdict.findings.find(({ id }) => id === 'instruments.load');
  expect(finding).toMatchObject({ outcome: 'inconclusive', evidence: { lostPods: 1, pods: 4 } });
  expect(finding?.message).toContain('runner-3 on node node1 was lost (OOMKilled, exit code 137)');
  for (const id of ['peak-reached', 'latency.api.peak', 'orders.unexpected'])
    expect([id, verdict.findings.find((one) => one.id === id)?.outcome]).toEqual([id, 'inconclusive']);
});

test('a pod of whose end nothing is told is lost from the start', async () => {
  const { facts, verdict } = await spoilt((one) =>
    one.kind === 'load-pod-end' && one.pod === 'runner-1' ? [] : [one],
  );
  expect(facts.load.pods?.[0]).toMatchObject({ lost: true, because: 'nothing tells how it ended' });
  expect(facts.load.pods?.[0]?.owed[0]?.phase).toBe('baseline');
  expect(verdict.outcome).toBe('inconclusive');
});

test.each([
  { offsetMs: 80, uncertaintyMs: 4, because: 'up to 84 ms off' },
  { offsetMs: -3, uncertaintyMs: 60, because: 'up to 63 ms off' },
])('a clock that may be too far off is a doubt: $because', async ({ because, ...clock }) => {
  const { verdict } = await spoilt((one) =>
    one.kind === 'load-clock' && one.pod === 'runner-2' ? [{ ...one, ...clock }] : [one],
  );
  const finding = verdict.findings.find(({ id }) => id === 'instruments.clocks');
  expect(finding?.message).toContain(`runner-2: ${because}`);
  expect(verdict.outcome).toBe('inconclusive');
});

test.each([
  {
    again: { offsetMs: -30, uncertaintyMs: 70 },
    why: 'a measurement that a busy machine made less certain',
    clockOffMs: 5,
  },
  { again: { offsetMs: 400, uncertaintyMs: 5 }, why: 'a clock that was stepped', clockOffMs: 405 },
])('several measurements: $why', async ({ again, clockOffMs }) => {
  const { facts } = await spoilt((one) =>
    one.kind === 'load-clock' && one.pod === 'runner-2' ? [one, { ...one, ...again }] : [one],
  );
  expect(facts.load.pods?.[1]?.clockOffMs).toBe(clockOffMs);
});

test('a clock that was never measured is a doubt', async () => {
  const { verdict } = await spoilt((one) => (one.kind === 'load-clock' && one.pod === 'runner-2' ? [] : [one]));
  const finding = verdict.findings.find(({ id }) => id === 'instruments.clocks');
  expect(finding?.message).toContain('runner-2: not measured');
});
