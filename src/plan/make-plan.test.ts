import fc from 'fast-check';
import { expect, test } from 'vitest';
import aurora from '../../scenarios/aurora-failover.ts';
import { profiles } from '../../scenarios/traffic/profiles.ts';
import { loadDurationMs, peakRatePerSecond, shareOf, trafficMix } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { loadSpec, makePlan } from './make-plan.ts';
import { plannedSamples } from './samples.ts';

const drill = { name: 'aurora-failover', ...aurora };
const smoke = profiles.smoke as NonNullable<typeof profiles.smoke>;
const target: Target = {
  name: 'bench',
  capabilities: new Set(['rds-failover', 'protection-switches']),
  protections: ['timeouts', 'quorum-commit'],
  standUp: () => Promise.reject(new Error('a plan stands nothing up')),
};

test('what a target lacks is told all at once, by name, with what would provide it', () => {
  const bare = { ...target, capabilities: new Set<never>() };
  expect(() => makePlan(drill, smoke, bare, ['timeouts'])).toThrow(
    /lacks rds-failover: an Aurora-like cluster.*\n.*lacks protection-switches/,
  );
});

test('a protection that does not exist is refused with those that do', () => {
  expect(() => makePlan(drill, smoke, target, ['luck'])).toThrow(
    'luck is not a protection of bench; there are timeouts, quorum-commit',
  );
});

test('smoke judges checkout at peak and after recovery, and says that the baseline is only reported', () => {
  const judged = Object.fromEntries(
    makePlan(drill, smoke, target, []).samples.map((s) => [`${s.path} ${s.phase}`, s.judged]),
  );
  expect(judged).toEqual({
    'api baseline': true,
    'api peak': true,
    'api recovered': true,
    'checkout baseline': false,
    'checkout peak': true,
    'checkout recovered': true,
  });
});

test.each(['nightly', 'readiness'])('%s judges every promise in every phase', (name) => {
  const profile = profiles[name] as typeof smoke;
  expect(makePlan(drill, profile, target, []).samples.every((s) => s.judged)).toBe(true);
});

test('the mix is 95 % reads and 5 % writes, and its shares add up to 1', () => {
  const { list, product, search, cart, checkout } = trafficMix;
  expect(list + product + search).toBeCloseTo(0.95);
  expect(cart + checkout).toBeCloseTo(0.05);
  expect(shareOf('api') + shareOf('checkout')).toBeCloseTo(1);
});

test('the schedule handed to k6 lasts as long as planned and steps up in at most 30 s', () => {
  for (const profile of Object.values(profiles)) {
    const spec = loadSpec(makePlan(drill, profile, target, []), {
      runId: 'r',
      baseUrl: 'http://127.0.0.1',
      tenants: ['a'],
    });
    expect(spec.stages.reduce((sum, stage) => sum + stage.durationMs, 0)).toBe(loadDurationMs(profile));
    expect(spec.stages[1]?.durationMs).toBeLessThanOrEqual(30_000);
    expect(spec.peakRatePerSecond).toBe(10 * profile.baselineRatePerSecond);
    expect(profile.baselineRatePerSecond).toBeGreaterThanOrEqual(60);
  }
});

test('more load never yields fewer samples, and what is judged has enough of them', () => {
  const profile = fc.record({
    name: fc.constant('any'),
    baselineRatePerSecond: fc.integer({ min: 1, max: 5_000 }),
    peakFactor: fc.integer({ min: 1, max: 20 }),
    baselineMs: fc.integer({ min: 1_000, max: 600_000 }),
    rampMs: fc.integer({ min: 0, max: 30_000 }),
    peakMs: fc.integer({ min: 5_000, max: 600_000 }),
    afterFaultMs: fc.integer({ min: 5_000, max: 600_000 }),
  });
  fc.assert(
    fc.property(profile, (some) => {
      const less = plannedSamples(some, drill.objectives);
      const more = plannedSamples({ ...some, baselineRatePerSecond: some.baselineRatePerSecond * 2 }, drill.objectives);
      less.forEach((s, i) => {
        expect(more[i]?.expected).toBeGreaterThanOrEqual(s.expected);
        if (s.judged) expect(s.expected).toBeGreaterThanOrEqual(299);
        expect(s.expected).toBeLessThanOrEqual((peakRatePerSecond(some) * loadDurationMs(some)) / 1000);
      });
    }),
  );
});
