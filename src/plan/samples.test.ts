import { expect, test } from 'vitest';
import type { Plan } from '../model/plan.ts';
import { plannedSamples } from './samples.ts';

type Shape = Parameters<typeof plannedSamples>[0];

/** A peak of 100 calls a second for so many seconds, with checkouts a tenth of them. */
const shape = (peakMs: number, some: Partial<Plan['profile']> = {}): Shape => ({
  profile: {
    name: 'quick',
    baselineRatePerSecond: 10,
    peakFactor: 10,
    baselineMs: 31_000,
    rampMs: 2_000,
    peakMs,
    afterFaultMs: 40_000,
    ...some,
  },
  fault: { kind: 'rds-failover', summary: 'the writer fails' },
  objectives: {
    latency: [{ path: 'checkout', limitMs: 200, phases: ['baseline', 'peak', 'fault', 'recovered'] }],
    recovery: [
      { path: 'write', objectiveMs: 20_000 },
      { path: 'shop', objectiveMs: 30_000 },
      { path: 'pods', objectiveMs: 35_000 },
    ],
    errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.25 },
  },
});
const of = (phase: string, ...args: Parameters<typeof shape>) =>
  plannedSamples(shape(...args), 0.1).find((sample) => sample.phase === phase);

test('too few calls to keep a promise by are still enough to break it, and the reason says so', () => {
  expect(of('peak', 32_000)).toMatchObject({
    expected: 320,
    judged: false,
    reason:
      'about 320 calls are too few to show that a p99 is kept (at least 299 are needed); they can only show that it is broken',
  });
});

test('a tenth more than the fewest calls is enough, and so few that one bad call leaves it open', () => {
  expect(of('peak', 33_000)).toMatchObject({
    judged: true,
    reason: 'about 330 calls, so few that a single bad one leaves it open',
  });
  expect(of('peak', 33_000, { holdOnTimes: 0 })?.reason).toMatch(/leaves it open$/);
  expect(of('peak', 90_000)?.reason).toBe('about 900 calls');
});

test('a phase that is held on needs more calls at its first look, and looks longer at a bad one', () => {
  expect(of('peak', 33_000, { holdOnTimes: 2 })).toMatchObject({
    judged: false,
    reason:
      'about 330 calls are too few to show that a p99 is kept (at least 349 are needed); they can only show that it is broken',
  });
  expect(of('peak', 40_000, { holdOnTimes: 2 })).toMatchObject({
    judged: true,
    reason: 'about 400 calls, so few that a single bad one makes the drill look longer',
  });
  // The baseline is over before anybody looks at it.
  expect(of('baseline', 40_000, { holdOnTimes: 2, baselineMs: 351_000 })?.reason).toMatch(/leaves it open$/);
});

test('the fault lasts to the longest objective of a path that is probed, and what is left of the load comes after', () => {
  expect(of('fault', 33_000)?.expected).toBe(300);
  expect(of('recovered', 33_000)?.expected).toBe(100);
  expect(of('fault', 33_000, { afterFaultMs: 25_000 })?.expected).toBe(250);
  expect(of('recovered', 33_000, { afterFaultMs: 25_000 })?.expected).toBe(0);
});

test('a drill that promises no recovery has half of the time after its fault for it', () => {
  const { objectives, ...rest } = shape(33_000);
  const samples = plannedSamples({ ...rest, objectives: { ...objectives, recovery: [] } }, 0.1);
  expect(samples.map(({ phase, expected }) => [phase, expected])).toEqual([
    ['baseline', 30],
    ['peak', 330],
    ['fault', 200],
    ['recovered', 200],
  ]);
});
