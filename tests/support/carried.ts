import type { Capacity } from '../../src/model/capacity.ts';
import { passingRun } from './runs/runs.ts';

/** What a run in steps has shown of a shop that carries ten times its traffic, and without a zone, too; but for what a test changes. */
export const carried = (change: Partial<Capacity> = {}): Capacity => {
  const { environment, target } = passingRun().verdict;
  return {
    schemaVersion: 1,
    runId: '20260110-030000-00aaaa',
    target,
    profile: 'stepped',
    command: 'npm run tenfold -- capacity',
    status: 'completed',
    outcome: 'pass',
    startedAt: '2026-01-10T03:00:00.000Z',
    finishedAt: '2026-01-10T03:12:00.000Z',
    environment: { ...environment, commit: 'c0ffee', dirty: false },
    standIn: null,
    baselineRatePerSecond: 20,
    tenfoldRatePerSecond: 200,
    steps: [],
    ended: { by: 'promise', because: 'API p99 was 140 ms at 18 times the baseline, limit 100 ms' },
    carriedPerSecond: 320,
    model: null,
    knee: { ratePerSecond: 360, lowPerSecond: 330, highPerSecond: null, by: 'promise' },
    headroom: { atLeast: 1.6, factor: 1.8, low: 1.65, high: null },
    saturatesFirst: { what: 'cpu', atRatePerSecond: 360, evidence: 'pods used 98 % of the CPU that they request' },
    zonesLost: { zone: 'a', podsLeft: 4, carriesPerSecond: 213, carriesTenfold: true, because: 'computed from 6 pods' },
    recommended: {
      pods: { count: 8, because: 'At 70 % of its CPU a pod carries 40 requests/s.' },
      pools: [{ role: 'writer', connectionsPerPod: 5, because: 'A connection is held for 12 ms.' }],
      nodes: { count: 4, because: 'Two pods run on a node.' },
    },
    trusted: true,
    notTrustedBecause: [],
    unknown: {},
    ...change,
  };
};
