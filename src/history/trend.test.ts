import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normals, historyRun as run, series } from '../../tests/support/runs/history-runs.ts';
import type { HistoryRun, MeasureId } from '../model/history.ts';
import { chooseSeries, notCompared } from './choose-series.ts';
import { trendOf } from './trend.ts';

const days = <T>(count: number, make: (day: number) => T): T[] => Array.from({ length: count }, (_, day) => make(day));
const changesIn = (runs: readonly HistoryRun[]) =>
  trendOf(series, runs, null).measures.flatMap(({ id, change }) => (change === null ? [] : [{ id, ...change }]));

test('a recovery that became slower is named with the first run after it, its commit, and the one before', () => {
  const next = normals(1);
  const runs = days(30, (day) =>
    run(day, { 'recovery.write': next(day < 18 ? 6_400 : 9_100, 150), 'p99.api.peak': next(60, 5) }),
  );
  const [change, ...others] = changesIn(runs);
  expect(others).toEqual([]);
  expect(change).toMatchObject({
    id: 'recovery.write',
    direction: 'up',
    first: { runId: 'run-0018', commit: 'commit-18' },
    lastBefore: { commit: 'commit-17' },
    runsBefore: 18,
    runsAfter: 12,
  });
  expect(change?.before).toBeCloseTo(6_400, -3);
  expect(change?.after).toBeCloseTo(9_100, -3);
});

test('a version that changed with it is named, too', () => {
  const runs = days(24, (day) =>
    run(
      day,
      { 'recovery.write': (day < 12 ? 1_000 : 3_000) + day },
      { versions: { postgresql: day < 12 ? '18.4' : '18.5' } },
    ),
  );
  expect(changesIn(runs)[0]?.otherVersions).toEqual(['postgresql 18.5, before 18.4']);
});

test('a shop that stays away is worse than any recovery time, and is not left out', () => {
  const runs = days(24, (day) => run(day, { 'recovery.write': day < 12 ? 6_000 + day : Number.POSITIVE_INFINITY }));
  expect(changesIn(runs)).toMatchObject([
    { direction: 'up', after: Number.POSITIVE_INFINITY, first: { runId: 'run-0012' } },
  ]);
});

test('a shift by less than one run can tell is not named, and runs that count in nothing change nothing', () => {
  expect(changesIn(days(40, (day) => run(day, { 'recovery.write': day < 20 ? 6_000 : 6_004 })))).toEqual([]);
  const next = normals(3);
  const runs = days(24, (day) => run(day, { 'recovery.write': next(6_000, 50) }));
  const crashed = days(24, (day) =>
    run(
      day + 0.5,
      { 'recovery.write': 20_000 },
      day % 2 === 0 ? { status: 'crashed', outcome: 'inconclusive' } : { outcome: 'inconclusive' },
    ),
  );
  const [without, withThem] = [trendOf(series, runs, null), trendOf(series, [...runs, ...crashed], null)];
  expect(withThem.shown).toHaveLength(48);
  expect(withThem.outcomes).toEqual(without.outcomes);
  expect(withThem.measures[0]).toMatchObject({ measured: 24, medianMs: without.measures[0]?.medianMs, change: null });
});

test('the order of reading changes nothing', () => {
  const next = normals(4);
  const runs = days(30, (day) =>
    run(day, { 'recovery.write': next(day < 15 ? 6_400 : 7_000, 150), 'p99.api.peak': next(60, 5) }),
  );
  const once = trendOf(series, runs, null);
  fc.assert(
    fc.property(fc.shuffledSubarray(runs, { minLength: runs.length }), (shuffled) => {
      expect(trendOf(series, shuffled, null)).toEqual(once);
    }),
    { numRuns: 20 },
  );
});

const measured: MeasureId[] = [
  'recovery.write',
  'recovery.read',
  'p99.api.baseline',
  'p99.api.peak',
  'p99.api.recovered',
  'p99.checkout.peak',
  'detection.proof',
];

/** 150 histories: were the true rate 5 %, more than 16 alarms would come twice in a thousand times. */
test('where nothing changed, at most one trend in twenty names anything, however many measures it has', () => {
  const next = normals(7);
  const alarms = days(150, () => {
    const slow = days(36, () => next(0, 1));
    const runs = days(36, (day) =>
      // The measures of a run depend on each other.
      run(day, Object.fromEntries(measured.map((id) => [id, 1_000 + 100 * ((slow[day] as number) + next(0, 1))]))),
    );
    const reference = { runs: runs.slice(0, 18), setAt: '2026-02-01T00:00:00.000Z' };
    const trend = trendOf(series, runs, reference);
    expect(trend.tests).toBe(2 * measured.length);
    return trend.measures.some(({ change, againstReference }) => change !== null || againstReference !== null);
  }).filter(Boolean).length;
  expect(alarms).toBeLessThanOrEqual(16);
});

/** The power that docs/HISTORY.md states. */
test('a shift by three standard deviations is named from ten runs after it, nine times in ten, among all measures of a drill', () => {
  const next = normals(9);
  const named = days(100, () => {
    const runs = days(20, (day) =>
      run(
        day,
        Object.fromEntries(
          measured.map((id) => [id, 1_000 + next(id === 'recovery.write' && day >= 10 ? 300 : 0, 100)]),
        ),
      ),
    );
    return changesIn(runs).some(
      ({ id, first }) => id === 'recovery.write' && ['run-0009', 'run-0010', 'run-0011'].includes(first.runId),
    );
  }).filter(Boolean).length;
  expect(named).toBeGreaterThanOrEqual(90);
});

test('with too few runs nothing is named, and it is said how many there have to be', () => {
  const runs = (count: number) =>
    days(count, (day) => run(day, { 'recovery.write': (day < count / 2 ? 1_000 : 9_000) + day }));
  const { leastRuns } = trendOf(series, runs(4), null);
  expect(trendOf(series, runs(leastRuns - 1), null)).toMatchObject({ tests: 0 });
  expect(changesIn(runs(leastRuns + 2))).toHaveLength(1);
});

const alternating = (
  outcomeOf: (day: number) => 'pass' | 'fail',
  some: (day: number) => Partial<HistoryRun> = () => ({}),
) =>
  trendOf(
    series,
    days(30, (day) => run(day, { 'recovery.write': 1_000 + (day % 7) }, { outcome: outcomeOf(day), ...some(day) })),
    null,
  ).outcomes;

test('outcomes that come and go are flaky; from one run on, they changed', () => {
  expect(alternating((day) => (day % 5 === 2 ? 'fail' : 'pass'))).toMatchObject({
    kind: 'flaky',
    failed: 6,
    change: null,
  });
  expect(alternating((day) => (day >= 17 ? 'fail' : 'pass'))).toMatchObject({
    kind: 'changed',
    change: { direction: 'up', before: 0, after: 1, first: { runId: 'run-0017' } },
  });
  expect(alternating(() => 'fail')).toMatchObject({ kind: 'steady', failed: 30 });
  expect(alternating((day) => (day === 11 ? 'fail' : 'pass'))).toMatchObject({ kind: 'unclear' });
});

test('a commit that passed and failed is flaky, unless something else differed', () => {
  const oneFails = (day: number) => (day === 11 ? ('fail' as const) : ('pass' as const));
  expect(alternating(oneFails, () => ({ commit: 'same' }))).toMatchObject({ kind: 'flaky', mixedCommits: ['same'] });
  expect(alternating(oneFails, () => ({ commit: 'same', dirty: true }))).toMatchObject({
    kind: 'unclear',
    mixedCommits: [],
  });
  const otherVersion = (day: number) => ({ commit: 'same', versions: { postgresql: day === 11 ? '19' : '18' } });
  expect(alternating(oneFails, otherVersion)).toMatchObject({ kind: 'unclear', mixedCommits: [] });
});

test('a drill that fails more often since a run is no flaky one, and the share that fails is told', () => {
  const outcomes = alternating((day) => (day >= 15 && day % 5 !== 1 ? 'fail' : 'pass'));
  expect(outcomes).toMatchObject({
    kind: 'changed',
    change: { direction: 'up', before: 0, after: 12 / 15, runsBefore: 15, runsAfter: 15 },
  });
});

test('later runs are compared with the reference, and what was before it is accepted', () => {
  const next = normals(12);
  const level = (day: number): number => (day < 20 ? 4_000 : day < 40 ? 6_000 : 8_000);
  const runs = days(60, (day) => run(day, { 'recovery.write': next(level(day), 100) }));
  expect(changesIn(runs)).toHaveLength(1);
  const reference = { runs: runs.slice(20, 40), setAt: '2026-02-10T00:00:00.000Z' };
  const [write] = trendOf(series, runs, reference).measures;
  expect(write?.againstReference).toMatchObject({ direction: 'up', runsBefore: 20, runsAfter: 20 });
  expect(write?.change).toMatchObject({ first: { runId: 'run-0040' }, runsBefore: 20 });
  const before = trendOf(series, runs.slice(0, 40), reference);
  expect(before.shown).toHaveLength(20);
  expect(before.measures[0]).toMatchObject({ change: null, againstReference: null });
  expect(before.reference).toMatchObject({ runsSince: 0, least: { since: 2 } });
  const single = trendOf(series, runs, { ...reference, runs: runs.slice(39, 40) });
  expect(single.reference).toMatchObject({ runsSince: 20, least: { runs: 2, since: null } });
  expect(single.measures[0]?.againstReference).toBeNull();
});

test('the newest series that counts is shown, and the others by what differs', () => {
  const [a, b, c, d] = [
    { ...series, series: 'a', runs: 3, counted: 0 },
    { ...series, series: 'b', without: ['quorum-commit'] },
    { ...series, series: 'c', counted: 5, runs: 6 },
    { ...series, series: 'd', target: 'kubernetes', counted: 2, runs: 2 },
  ];
  expect(chooseSeries([a, b, c, d], {})).toBe(c);
  expect(chooseSeries([a, b, c, d], { target: 'kubernetes' })).toBe(d);
  expect(chooseSeries([a, b], {})).toBe(b);
  expect(chooseSeries([a, b], { profile: 'smoke' })).toBeUndefined();
  expect(notCompared([a, b, c, d], c)).toEqual([
    {
      why: 'with other traffic, another way, another kind of platform, or a host with another number of CPUs',
      runs: 3,
    },
    { why: 'without quorum-commit', runs: 30 },
    { why: 'on kubernetes', runs: 2 },
  ]);
});
