import { expect, test } from 'vitest';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import { storedFixture } from '../../tests/support/stored-fixture.ts';
import { metricNames, metricOf, type Sample, type Snapshot } from './catalogue.ts';
import { DrillMetrics } from './drill-metrics.ts';

const { plan } = nodeLossRun();

function begun(): DrillMetrics {
  const metrics = new DrillMetrics(plan);
  metrics.begin('run-1');
  return metrics;
}

/** Values of a metric, by its own labels. */
const valuesOf = (samples: readonly Sample[], name: string): Record<string, number> =>
  Object.fromEntries(
    samples
      .filter(({ metric }) => metric === name)
      .map(({ labels: { drill: _, run: __, ...own }, value }) => [Object.values(own).join(' '), value]),
  );

const progress = { kind: 'load-progress' as const, ratePerSecond: 10, errorsPerSecond: 1, p99Ms: 40, dropped: 2 };
const path = { path: 'api' as const, calls: 10, failed: 1, p99Ms: 40, tries: 9, badTries: 2 };

test('counters add up, and the last of everything else stands', () => {
  const metrics = begun();
  metrics.take({ ...progress, atMs: 1_000, paths: [path] });
  metrics.take({ ...progress, atMs: 2_000, paths: [{ ...path, p99Ms: 50 }] });
  metrics.take({ kind: 'probes', atMs: 2_000, lanes: { edge: { good: 90, failed: 10 } } });
  metrics.take({ kind: 'probes', atMs: 3_000, lanes: { edge: { good: 100, failed: 0 } } });
  const samples = metrics.samples(3_000);
  expect(valuesOf(samples, 'calls')).toEqual({ 'api ok': 18, 'api failed': 2 });
  expect(valuesOf(samples, 'first_tries')).toEqual({ 'api good': 14, 'api bad': 4 });
  expect(valuesOf(samples, 'call.p99')).toEqual({ api: 0.05 });
  expect(valuesOf(samples, 'dropped')).toEqual({ '': 4 });
  expect(valuesOf(samples, 'probes')).toEqual({ 'edge good': 190, 'edge failed': 10 });
});

test('what is unknown has no value, never 0, also when it was known before', () => {
  const metrics = begun();
  expect(valuesOf(metrics.samples(0), 'calls')).toEqual({});
  expect(valuesOf(metrics.samples(0), 'pods.ready')).toEqual({});
  metrics.take({ ...progress, atMs: 1_000, paths: [path] });
  metrics.take({ ...progress, atMs: 2_000, paths: [{ ...path, calls: 0, failed: 0, p99Ms: null }] });
  expect(valuesOf(metrics.samples(2_000), 'call.p99')).toEqual({});
  expect(new DrillMetrics(plan).samples(0)).toEqual([]);
});

test('the phase is that of the judge, and the fault lasts until it is undone', () => {
  const metrics = begun();
  const at = (ms: number) =>
    Object.entries(valuesOf(metrics.samples(ms), 'phase')).find(([, value]) => value === 1)?.[0];
  const fault = { kind: 'fault' as const, fault: 'node-loss' };
  expect(at(0)).toBeUndefined();
  metrics.take({ kind: 'mark', atMs: 1_000, mark: 'baseline-start' });
  expect(at(1_500)).toBe('baseline');
  metrics.take({ kind: 'mark', atMs: 2_000, mark: 'peak-start' });
  metrics.take({ ...fault, atMs: 3_000, state: 'injected' });
  expect(at(3_500)).toBe('fault');
  expect(valuesOf(metrics.samples(3_500), 'fault')).toEqual({ 'node-loss': 1 });
  metrics.take({ ...fault, atMs: 4_000, state: 'reverted' });
  expect(valuesOf(metrics.samples(4_000), 'fault')).toEqual({ 'node-loss': 0 });
  expect(at(10_000_000)).toBe('recovered');
  metrics.take({ kind: 'mark', atMs: 10_000_000, mark: 'load-end' });
  expect(at(10_000_001)).toBeUndefined();
});

test('a stored run has the numbers that the judge has', async () => {
  using run = await storedFixture('aurora-failover-holds');
  const { facts, verdict } = run;
  const last = run.snapshots.at(-1) as Snapshot;
  for (const { path, good, bad } of facts.budgets ?? []) {
    const tries = valuesOf(last.samples, 'first_tries');
    expect([tries[`${path} good`], tries[`${path} bad`]]).toEqual([good, bad]);
  }
  expect(valuesOf(last.samples, 'verdict')).toEqual({ pass: 1, inconclusive: 0, fail: 0 });
  expect(valuesOf(last.samples, 'recovery').write).toBe((verdict.recovery[0]?.actualMs ?? 0) / 1_000);
  expect(run.snapshots.filter(({ samples }) => valuesOf(samples, 'running')[''] === 1).length).toBeGreaterThan(70);
  const injected = run.snapshots.find(({ samples }) => valuesOf(samples, 'fault')['rds-failover'] === 1);
  expect((injected?.atMs ?? 0) - (facts.timeline.injectedAtMs ?? 0)).toBeLessThanOrEqual(1_000);
  expect(run.missing).toEqual([]);
});

test('each metric has the labels that the catalogue says, and each is there in some run', async () => {
  using run = await storedFixture('spot-eviction-brief');
  const seen = run.snapshots.flatMap(({ samples }) => samples);
  for (const { metric, labels } of seen)
    expect(Object.keys(labels)).toEqual(['drill', 'run', ...metricOf(metric).labels]);
  // This one is from before neighbours were told of.
  expect(new Set(metricNames).difference(new Set(seen.map(({ metric }) => metric)))).toEqual(
    new Set(['host.neighbour']),
  );
});

test('a run that was interrupted is told as far as it went', async () => {
  using run = await storedFixture('node-loss-interrupted');
  const { samples } = run.snapshots.at(-1) as Snapshot;
  expect(valuesOf(samples, 'verdict').inconclusive).toBe(1);
  expect(valuesOf(samples, 'running')).toEqual({ '': 0 });
  expect(run.events.find(({ name }) => name === 'finished')?.text).toContain('interrupted');
});
