import { expect, test } from 'vitest';
import { noFaultRun } from '../../../tests/support/runs/no-fault.ts';
import { failingRun, interruptedRun, passingRun } from '../../../tests/support/runs/runs.ts';
import type { Facts } from '../../model/facts.ts';
import { timelineData } from './timeline-data.ts';

const data = (facts: Facts, maxPoints = 360) => {
  const result = timelineData(facts, maxPoints);
  if (result === null) throw new Error('nothing to draw');
  return result;
};

test('a second without a sample is a gap, not a zero', () => {
  const { points } = data(passingRun().facts);
  expect(points).toHaveLength(70);
  expect(points[52]).toEqual({
    second: 52,
    ratePerSecond: null,
    errorsPerSecond: null,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
  });
  expect(points[51]?.errorsPerSecond).toBe(0);
});

test('phases follow each other as the plan fixes them, however long the outage was', () => {
  for (const run of [passingRun(), failingRun()])
    expect(data(run.facts).phases).toEqual([
      { name: 'baseline', startS: 0, endS: 8 },
      { name: 'ramp', startS: 8, endS: 16 },
      { name: 'peak', startS: 16, endS: 33.214 },
      { name: 'fault', startS: 33.214, endS: 63.214 },
      { name: 'recovered', startS: 63.214, endS: 70 },
    ]);
});

test('the shop was steady again when the last of its paths was restored, and never where one was not', () => {
  expect(data(passingRun().facts).recoveredS).toBe(39.632);
  expect(data(failingRun().facts).recoveredS).toBeNull();
  const { facts } = passingRun();
  const unharmed = facts?.recovery.map((fact) => ({ ...fact, outage: false, serviceRestoredMs: 0 })) ?? [];
  expect(data(facts && { ...facts, recovery: unharmed }).recoveredS).toBeNull();
  const slow = facts?.recovery.map((fact) => ({ ...fact, path: 'shop' as const, performanceRestoredMs: 8_000 })) ?? [];
  expect(data(facts && { ...facts, recovery: slow }).recoveredS).toBeCloseTo(41.214);
});

test('without a fault the peak is followed by what comes after it', () => {
  const { phases, injectedS } = data(noFaultRun().facts);
  expect(phases.slice(2)).toEqual([
    { name: 'peak', startS: 16, endS: 57 },
    { name: 'after peak', startS: 57, endS: 70 },
  ]);
  expect(injectedS).toBeNull();
  expect(data(noFaultRun().facts).recoveredS).toBe(57);
});

test('pods and nodes are told where their number changes', () => {
  expect(data(noFaultRun().facts).capacity?.podsReady).toEqual([
    [0, 3],
    [17, 5],
    [25, 6],
    [66, 5],
    [69.5, 5],
  ]);
  expect(data(passingRun().facts).capacity).toBeNull();
});

test('a long run is thinned to the worst of each step', () => {
  const { points, secondsPerPoint } = data(passingRun().facts, 10);
  expect(secondsPerPoint).toBe(7);
  expect(points).toHaveLength(10);
  expect(points[4]?.p99Ms).toBeGreaterThan(2900);
});

test('without evidence there is nothing to draw', () => {
  expect(timelineData(interruptedRun().facts, 360)).toBeNull();
});
