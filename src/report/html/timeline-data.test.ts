import { expect, test } from 'vitest';
import type { Facts } from '../../model/facts.ts';
import { noFaultRun } from '../test-runs/no-fault.ts';
import { failingRun, interruptedRun, passingRun } from '../test-runs/runs.ts';
import { timelineData } from './timeline-data.ts';

const data = (facts: Facts | null, maxPoints = 360) => {
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

test('phases follow each other, and an outage without an end lasts to the end', () => {
  expect(data(passingRun().facts).phases.map(({ name, startS }) => [name, startS])).toEqual([
    ['baseline', 0],
    ['ramp', 8],
    ['peak', 16],
    ['fault', 33.214],
    ['recovered', 39.632],
  ]);
  expect(data(failingRun().facts).phases.at(-1)).toEqual({ name: 'fault', startS: 33.214, endS: 70 });
});

test('without a fault the peak is followed by what comes after it', () => {
  const { phases, injectedS } = data(noFaultRun().facts);
  expect(phases.slice(2)).toEqual([
    { name: 'peak', startS: 16, endS: 57 },
    { name: 'after peak', startS: 57, endS: 70 },
  ]);
  expect(injectedS).toBeNull();
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
