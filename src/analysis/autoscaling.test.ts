import { describe, expect, it } from 'vitest';
import type { CapacitySample, Timeline } from '../model/facts.ts';
import { autoscalingFact } from './autoscaling.ts';

/** Ramp from 8 s, peak from 10 s, and back from 50 s on. */
const timeline: Timeline = {
  baselineStartMs: 0,
  rampStartMs: 8_000,
  peakStartMs: 10_000,
  injectedAtMs: null,
  disturbedAtMs: 10_000,
  recoveredAtMs: 50_000,
  loadEndMs: 60_000,
  secondsTurnMs: 0,
};

/** A look every half second; three pods up to 20 s, then six. */
const looks = (cpuRatio: (atMs: number) => number | null): CapacitySample[] =>
  Array.from({ length: 120 }, (_, i) => i * 500).map((atMs) => ({
    atMs,
    podsReady: atMs < 20_000 ? 3 : 6,
    podsWanted: 6,
    nodesReady: 6,
    nodesWanted: 6,
    cpuRatio: cpuRatio(atMs),
  }));
const lagOf = (cpuRatio: (atMs: number) => number | null) => autoscalingFact(looks(cpuRatio), timeline)?.lagMs;

describe('autoscaling lag', () => {
  it('lasts until the CPU use of the ready pods is within the rule', () => {
    expect(
      autoscalingFact(
        looks((atMs) => (atMs < 22_500 ? 1.3 : 0.65)),
        timeline,
      ),
    ).toEqual({
      lagMs: 12_500,
      uncertaintyMs: 500,
      observedMs: 40_000,
      podsBefore: 3,
      podsEnough: 6,
      podsMost: 6,
      looks: 80,
      readings: 80,
    });
  });

  it('is none when there were always enough', () => {
    expect(lagOf(() => 0.77)).toBe(0);
  });

  it('has no end when the CPU stays above the rule', () => {
    expect(
      autoscalingFact(
        looks(() => 0.78),
        timeline,
      ),
    ).toMatchObject({ lagMs: null, podsEnough: null, podsMost: 6 });
  });

  it('does not end with readings that still remember the time before the step', () => {
    expect(lagOf((atMs) => (atMs < 11_500 ? 0.5 : atMs < 22_500 ? 1.3 : 0.65))).toBe(12_500);
  });

  it('does not end with a single look, and is not prolonged by one', () => {
    expect(lagOf((atMs) => (atMs === 15_000 ? 0.6 : atMs < 22_500 ? 1.3 : 0.65))).toBe(12_500);
    expect(lagOf((atMs) => (atMs < 22_500 ? 1.3 : atMs === 24_000 ? 0.9 : 0.65))).toBe(12_500);
  });

  it('ends when all are ready that the platform may have, however busy they are', () => {
    const most = (podsMax: number | null) => looks(() => 0.9).map((look) => ({ ...look, podsMax }));
    expect(autoscalingFact(most(6), timeline)).toMatchObject({ lagMs: 10_000, podsEnough: 6 });
    expect(autoscalingFact(most(7), timeline)?.lagMs).toBeNull();
    expect(autoscalingFact(most(null), timeline)?.lagMs).toBeNull();
  });

  it('is not known to have ended in the last seconds of the peak', () => {
    expect(lagOf((atMs) => (atMs < 45_500 ? 1.3 : 0.65))).toBeNull();
    expect(lagOf((atMs) => (atMs < 45_000 ? 1.3 : 0.65))).toBe(35_000);
  });

  it('does not end where nothing was read', () => {
    expect(lagOf((atMs) => (atMs < 30_000 ? null : 0.65))).toBe(20_000);
    expect(
      autoscalingFact(
        looks(() => null),
        timeline,
      ),
    ).toMatchObject({ lagMs: null, readings: 0, looks: 80 });
  });

  it('is unknown without a peak or a look at it', () => {
    expect(
      autoscalingFact(
        looks(() => 0.5),
        { ...timeline, peakStartMs: null },
      ),
    ).toBeNull();
    expect(autoscalingFact(looks(() => 0.5).slice(0, 10), timeline)).toBeNull();
  });

  it('is observed up to the injection where there is one', () => {
    const injected = { ...timeline, injectedAtMs: 30_000, recoveredAtMs: null };
    expect(
      autoscalingFact(
        looks(() => 1.3),
        injected,
      ),
    ).toMatchObject({ lagMs: null, observedMs: 20_000 });
  });
});
