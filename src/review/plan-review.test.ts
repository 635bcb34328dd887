import { expect, test } from 'vitest';
import { type DrillNeed, missingMs, needsOf, nextDrill } from './plan-review.ts';

const asked = (drill: string, runsNeeded: number) => ({ drill, title: drill, runsNeeded, plan: '' });
const run = (drill: string, outcome: 'pass' | 'fail' | 'inconclusive', tookMs = 180_000) => ({
  drill,
  outcome,
  status: 'completed' as const,
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: new Date(Date.parse('2026-01-01T00:00:00.000Z') + tookMs).toISOString(),
});
const planned = { loadMs: () => 100_000, standUpMs: 20_000, isWaived: (drill: string) => drill === 'waived' };
const none = new Set<string>();

test('what is there counts, what says neither does not, and a run takes as long as the longest did', () => {
  const runs = [run('a', 'pass'), run('a', 'inconclusive', 200_000), run('b', 'fail')];
  const needs = needsOf([asked('a', 3), asked('b', 3), asked('c', 1)], runs, planned);
  expect(needs.map(({ drill, runs, missing, runMs }) => [drill, runs, missing, runMs])).toEqual([
    ['a', 1, 2, 200_000],
    ['b', 1, 0, 180_000],
    ['c', 0, 1, 180_000],
  ]);
  expect(missingMs(needs)).toBe(2 * 200_000 + 180_000);
});

test('what failed is not run again, unless a launch goes on all the same', () => {
  const runs = [run('a', 'fail'), run('waived', 'fail'), { ...run('waived', 'fail'), status: 'stopped' as const }];
  const needs = needsOf([asked('a', 3), asked('waived', 3)], runs, planned);
  expect(needs.map(({ drill, failed, missing }) => [drill, failed, missing])).toEqual([
    ['a', 1, 0],
    ['waived', 2, 1],
  ]);
});

test('a night that ends early has seen something of each drill', () => {
  const asks = [asked('a', 4), asked('b', 2)];
  const runs: ReturnType<typeof run>[] = [];
  const order: string[] = [];
  for (;;) {
    const next = nextDrill(needsOf(asks, runs, planned), Number.POSITIVE_INFINITY, none);
    if (next === undefined) break;
    order.push(next.drill);
    runs.push(run(next.drill, 'pass'));
  }
  expect(order).toEqual(['a', 'b', 'a', 'a', 'b', 'a']);
});

test('no drill begins that would not end in time, and one that says neither again and again is left', () => {
  const needs = needsOf([asked('a', 4), asked('b', 2)], [run('a', 'pass', 500_000)], planned) as [DrillNeed, DrillNeed];
  expect(nextDrill(needs, 400_000, none)?.drill).toBe('b');
  expect(nextDrill(needs, 400_000, new Set(['b']))).toBeUndefined();
});
