import { describe, expect, it } from 'vitest';
import type { PodEnd } from '../model/facets.ts';
import type { Facts } from '../model/facts.ts';
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
    // The truth may be up to 40 ms after what the coarse lane says, and is at most 10 ms before what the fine one says.
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
      serviceAtLeastMs: 9_960,
      performanceAtLeastMs: 9_960,
      observedMs: 10_000,
    });
  });
});

it('a lane that sent nothing for a while is told, though it sent nearly all of its probes', () => {
  const whole = lane('pooled', 10, 5_000).lane;
  const problemsWithout = (fromMs: number, toMs: number) => {
    const kept = whole.intendedUs.map((us) => us < fromMs * 1000 || us >= toMs * 1000);
    const only = <T>(values: T[]): T[] => values.filter((_, at) => kept[at]);
    const { intendedUs, sentUs, endUs, failed } = whole;
    const probes = {
      ...whole,
      intendedUs: only(intendedUs),
      sentUs: only(sentUs),
      endUs: only(endUs),
      failed: only(failed),
    };
    const lanes = [{ lane: probes, ...recoverLane(probes, injectedMs * 1000, 30_000_000, 100_000), sentShare: 0.96 }];
    const problems: Facts['problems'] = [];
    recoveryFacts(lanes, { lanes: [probes], latenessP99Ms: 0.3 }, [], problems);
    return problems.map(({ message }) => message);
  };
  expect(problemsWithout(7_000, 8_500)).toEqual(['lane edge-write-pooled sent nothing for 1.5 s']);
  expect(problemsWithout(7_000, 7_500)).toEqual([]);
});

describe('replicas', () => {
  const replica = (name: string, upToMs: number, isSent: (ms: number) => boolean = () => true): RecoveredLane => {
    const { lane: edge } = lane('pooled', 200, upToMs);
    const kept = edge.intendedUs.map((us) => isSent(us / 1000));
    const only = <T>(values: T[]): T[] => values.filter((_, at) => kept[at]);
    const probes: LaneProbes = {
      ...edge,
      ...{ lane: `replica-${name}`, via: 'replica', replica: name },
      intendedUs: only(edge.intendedUs),
      sentUs: only(edge.sentUs),
      endUs: only(edge.endUs),
      failed: only(edge.failed),
    };
    return { lane: probes, ...recoverLane(probes, injectedMs * 1000, 12_000_000, 100_000) };
  };

  it('that came back, that did not, that were not probed and that were taken away are told apart', () => {
    const lanes = [
      lane('pooled', 10, 5_000),
      replica('a', 5_000),
      replica('b', 12_000),
      replica('c', 5_000, (ms) => ms < 7_000),
      replica('d', 12_000),
      replica('e', 5_000, (ms) => ms < injectedMs),
    ];
    const gone: PodEnd = {
      ...{ atMs: 3_000, pod: 'd', node: 'n', capacity: 'spot' },
      ...{ cause: 'evicted', because: 'evicted it was' },
    };
    const probes = { lanes: lanes.map((each) => each.lane), latenessP99Ms: 0.3 };
    const write = recoveryFacts(lanes, probes, [gone], []).find(({ path }) => path === 'write');
    expect(write?.replicas).toEqual([
      { ...at('a', 3_000, 2_800), observedMs: 10_000, sentShare: 1 },
      { ...at('b', null, 9_800), observedMs: 10_000, sentShare: 1 },
      { ...at('c', null, 2_800), observedMs: 5_000, sentShare: 0.5 },
      { ...at('d', null, 9_800), observedMs: 10_000, sentShare: 1, takenAway: 'evicted it was' },
      { ...at('e', null, 0), observedMs: 0, sentShare: 0 },
    ]);
  });

  it('that went in the end are no excuse for having stayed away long before', () => {
    const intendedUs = Array.from({ length: 400 }, (_, at) => at * 200_000);
    const replicaThat = (failsFromMs: number): RecoveredLane => {
      const probes: LaneProbes = {
        ...{ lane: 'replica-d', path: 'write', via: 'replica', replica: 'd', zone: '', connection: 'pooled' },
        ...{ intervalUs: 200_000, intendedUs, sentUs: intendedUs },
        endUs: intendedUs.map((us) => us + 3_000),
        failed: intendedUs.map((us) => us >= failsFromMs * 1000),
      };
      return { lane: probes, ...recoverLane(probes, injectedMs * 1000, 80_000_000, 100_000) };
    };
    const takenAwayOf = (failsFromMs: number, cause: PodEnd['cause']) => {
      const own = replicaThat(failsFromMs);
      const end: PodEnd = { atMs: 70_000, pod: 'd', node: 'n', capacity: 'spot', cause, because: 'it was' };
      const lanes = [lane('pooled', 10, 5_000), own];
      const probes = { lanes: lanes.map((each) => each.lane), latenessP99Ms: 0.3 };
      return recoveryFacts(lanes, probes, [end], []).find(({ path }) => path === 'write')?.replicas[0]?.takenAway;
    };
    expect(takenAwayOf(50_000, 'scaled-down')).toBe('it was');
    expect(takenAwayOf(30_000, 'scaled-down')).toBeNull();
    expect(takenAwayOf(30_000, 'evicted')).toBeNull();
    expect(takenAwayOf(30_000, 'node-lost')).toBe('it was');
  });

  const at = (replica: string, actualMs: number | null, atLeastMs: number) => {
    return { replica, zone: '', takenAway: null, actualMs, atLeastMs };
  };
});
