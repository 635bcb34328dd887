import { describe, expect, it } from 'vitest';
import type { LaneProbes } from './lane-probes.ts';
import { recoverLane } from './outage.ts';
import { type RecoveredLane, recoveryFacts } from './recovery.ts';

const injectedMs = 2_000;

/** A write lane over 12 s that fails from 3 s up to an instant. */
function lane(connection: 'pooled' | 'new', intervalMs: number, upToMs: number): RecoveredLane {
  const intendedUs = Array.from({ length: 12_000 / intervalMs }, (_, at) => at * intervalMs * 1000);
  const probes: LaneProbes = {
    lane: `edge-write-${connection}`,
    path: 'write',
    via: 'edge',
    replica: '',
    zone: '',
    connection,
    intervalUs: intervalMs * 1000,
    intendedUs,
    sentUs: intendedUs,
    endUs: intendedUs.map((us) => us + 3_000),
    failed: intendedUs.map((us) => us >= 3_000_000 && us < upToMs * 1000),
  };
  return { lane: probes, ...recoverLane(probes, injectedMs * 1000, 12_000_000, 100_000) };
}

const factOf = (...lanes: RecoveredLane[]) =>
  recoveryFacts(lanes, { lanes: lanes.map((each) => each.lane), latenessP99Ms: 0.3 }, [], []).find(
    ({ path }) => path === 'write',
  );

describe('the uncertainty of the last lane to come back', () => {
  it('is that of a sharp lane when a dull one was back before it', () => {
    expect(factOf(lane('pooled', 10, 5_000), lane('new', 40, 4_000))).toMatchObject({
      serviceRestoredMs: 3_000,
      uncertaintyMs: 10,
    });
  });

  it('is that of the dull one when it was last', () => {
    expect(factOf(lane('pooled', 10, 4_000), lane('new', 40, 5_000))).toMatchObject({
      serviceRestoredMs: 3_000,
      uncertaintyMs: 40,
    });
  });

  it('spans both when they came back together', () => {
    // The truth may be up to 40 ms after what the dull lane says, and is at most 10 ms before what the sharp one says.
    const fact = factOf(lane('pooled', 10, 4_990), lane('new', 40, 5_000));
    expect(fact).toMatchObject({ serviceRestoredMs: 3_000, uncertaintyMs: 40 });
  });

  it('tells pooled and new connections apart', () => {
    expect(factOf(lane('pooled', 10, 5_000), lane('new', 40, 4_000))?.lanes).toMatchObject([
      { connection: 'pooled', intervalMs: 10, serviceRestoredMs: 3_000, badMs: 2_000, uncertaintyMs: 10 },
      { connection: 'new', intervalMs: 40, serviceRestoredMs: 2_000, badMs: 1_000, uncertaintyMs: 40 },
    ]);
  });

  it('has no recovery to be sure of while one lane did not come back', () => {
    expect(factOf(lane('pooled', 10, 4_000), lane('new', 40, 12_000))).toMatchObject({
      recovered: false,
      serviceRestoredMs: null,
      observedMs: 10_000,
    });
  });
});
