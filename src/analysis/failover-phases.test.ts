import { describe, expect, it } from 'vitest';
import { failoverPhases } from './failover-phases.ts';
import type { LaneProbes } from './lane-probes.ts';
import { recoverLane } from './outage.ts';
import type { RecoveredLane } from './recovery.ts';

const injectedAtMs = 10_000;

/** A write lane of 100 probes a second over 60 s that fails from 10.2 s up to an instant; answers take 5 ms. */
function lane(via: 'edge' | 'replica', name: string, upToMs: number): RecoveredLane {
  const intendedUs = Array.from({ length: 6_000 }, (_, i) => i * 10_000);
  const probes: LaneProbes = {
    lane: name,
    path: 'write',
    via,
    replica: via === 'replica' ? name : '',
    zone: '',
    connection: 'pooled',
    intervalUs: 10_000,
    intendedUs,
    sentUs: intendedUs,
    endUs: intendedUs.map((us) => us + 5_000),
    failed: intendedUs.map((us) => us >= 10_200_000 && us < upToMs * 1000),
  };
  return { lane: probes, ...recoverLane(probes, injectedAtMs * 1000, 60_000_000, 200_000) };
}

const event = (atMs: number, message: string) => ({ atMs, source: 'db-cluster', message });
const events = [
  event(9_000, 'db-c promoted'),
  event(10_010, 'db-a crashed'),
  event(10_900, 'Started cross AZ failover to DB instance: db-b'),
  event(12_000, 'db-b promoted'),
  event(15_000, 'writer name points at db-b'),
  event(20_000, 'db-a is back as a reader'),
];

describe('the phases of a failover', () => {
  it('stand one after the other, each up to what happened', () => {
    const lanes = [lane('edge', 'pooled', 16_000), lane('edge', 'new', 15_500), lane('replica', 'a', 17_000)];
    expect(failoverPhases(events, lanes, injectedAtMs)).toEqual([
      { name: 'first client error', startMs: 0, endMs: 200 },
      { name: 'detection', startMs: 200, endMs: 900 },
      { name: 'promotion', startMs: 900, endMs: 2_000 },
      { name: 'name flip', startMs: 2_000, endMs: 5_000 },
      { name: 'first acknowledged write', startMs: 5_000, endMs: 5_505 },
      { name: 'latency back', startMs: 5_505, endMs: 6_000 },
      { name: 'all replicas writing', startMs: 6_000, endMs: 7_000 },
    ]);
  });

  it('leave out what is not known', () => {
    const names = failoverPhases([], [lane('edge', 'pooled', 16_000), lane('replica', 'a', 60_000)], injectedAtMs);
    expect(names.map(({ name }) => name)).toEqual(['first client error', 'latency back', 'first acknowledged write']);
  });

  it('are none when no client saw an error', () => {
    expect(failoverPhases(events, [lane('edge', 'pooled', 0)], injectedAtMs)).toEqual([]);
  });
});
