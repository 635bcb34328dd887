import { describe, expect, it } from 'vitest';
import type { Observation } from '../model/evidence.ts';
import type { Timeline } from '../model/facts.ts';
import { capacityFacts } from './capacity.ts';

const timeline: Timeline = {
  baselineStartMs: 0,
  rampStartMs: 1_000,
  peakStartMs: 2_000,
  injectedAtMs: 10_000,
  disturbedAtMs: 10_000,
  recoveredAtMs: null,
  loadEndMs: 20_000,
  secondsTurnMs: 0,
};

const look = (atMs: number, podsReady: number, podsWanted: number, names = ['a', 'b']): Observation => ({
  kind: 'inventory',
  atMs,
  nodesReady: 3,
  nodesWanted: 3,
  podsReady,
  podsWanted,
  cpuRatio: null,
  pods: names.map((name) => ({ name, node: 'n', ready: true })),
});
const end = (atMs: number, pod: string): Observation => ({
  kind: 'pod-end',
  atMs,
  pod,
  node: 'n',
  capacity: 'spot',
  cause: 'evicted',
  because: 'drained',
});
const facts = (...observations: Observation[]) => capacityFacts(observations, timeline);

describe('what the platform held', () => {
  it('is unknown when it was never asked', () => {
    expect(facts(end(11_000, 'a'))).toBeNull();
  });

  it('is measured by the worst shortfall from the injection to the end of the load', () => {
    expect(
      facts(look(5_000, 1, 4), look(9_900, 4, 4), look(11_000, 2, 4), look(12_000, 2, 3), look(21_000, 0, 4))?.pods,
    ).toEqual({ wantedBefore: 4, leastReady: 2, mostUnavailable: 2, atMs: 11_000 });
  });

  it('does not miss pods that are no longer wanted, nor more than were wanted before', () => {
    expect(facts(look(9_900, 4, 4), look(11_000, 3, 3))?.pods?.mostUnavailable).toBe(0);
    expect(facts(look(9_900, 4, 4), look(11_000, 4, 6))?.pods?.mostUnavailable).toBe(0);
  });

  it('has no pods to compare without a look just before the injection, or after it', () => {
    expect(facts(look(11_000, 4, 4))?.pods).toBeNull();
    expect(facts(look(9_000, 4, 4))?.pods).toBeNull();
  });

  it('tells the longest time without a look, the ends included', () => {
    expect(facts(look(9_000, 4, 4), look(10_500, 4, 4), look(14_000, 4, 4), look(19_900, 4, 4))?.longestGapMs).toBe(
      5_900,
    );
    expect(facts(look(9_000, 4, 4))?.longestGapMs).toBe(10_000);
  });

  it('lists the ends of pods while the load was on, in order', () => {
    const ends = facts(look(9_000, 4, 4), end(12_000, 'b'), end(11_000, 'a'), end(-5, 'early'), end(20_001, 'late'));
    expect(ends?.podEnds.map(({ pod }) => pod)).toEqual(['a', 'b']);
  });

  it('names pods that are gone without a word', () => {
    const looks = [look(9_000, 3, 3, ['a', 'b', 'c']), look(19_000, 1, 3, ['a'])];
    expect(facts(...looks, end(12_000, 'b'))?.unexplained).toEqual(['c']);
  });
});
