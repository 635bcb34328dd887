import { describe, expect, it } from 'vitest';
import type { AutoscalingFact, CapacityFacts, Facts, RecoveryFact } from '../model/facts.ts';
import type { Objectives } from '../model/objectives.ts';
import type { PodEnd } from '../model/target.ts';
import type { Finding } from '../model/verdict.ts';
import { judge } from './judge.ts';
import { at, good, plan, recovery } from './test-drill.ts';

/** The finding of a drill with these objectives beside its usual ones. */
function findingOf(id: string, objectives: Partial<Objectives>, some: Partial<Facts> = {}): Finding {
  const verdict = judge({ ...good, ...some }, { ...plan, objectives: { ...plan.objectives, ...objectives } });
  const finding = verdict.findings.find((one) => one.id === id);
  if (finding === undefined) throw new Error(`no finding ${id}`);
  return finding;
}
const dropped = { load: { ...good.load, dropped: 3 } };
const lateHost = { host: { ...good.host, sentinelLatenessP99Ms: 40 } };
const unproven = { fault: good.fault && { ...good.fault, provenAtMs: null } };

const podEnd = (some: Partial<PodEnd> = {}): PodEnd => ({
  atMs: at(36),
  pod: 'storefront-4',
  node: 'local-1a-2',
  capacity: 'spot',
  cause: 'evicted',
  because: 'spot interruption of i-1',
  ...some,
});
const capacityOf = (some: Partial<CapacityFacts> = {}): { capacity: CapacityFacts } => ({
  capacity: {
    samples: [],
    longestGapMs: 600,
    pods: { wantedBefore: 5, leastReady: 4, mostUnavailable: 1, atMs: at(36) },
    podEnds: [],
    unexplained: [],
    ...some,
  },
});

it('nothing is judged that was not promised', () => {
  const facts: Facts = {
    ...good,
    ...capacityOf({ podEnds: [podEnd({ cause: 'crashed' })] }),
    sessions: { kept: 0, lost: 9 },
  };
  expect(judge(facts, plan).outcome).toBe('pass');
});

it('what was promised and not measured is unknown', () => {
  const objectives: Partial<Objectives> = {
    recovery: [
      { path: 'pods', objectiveMs: 300_000 },
      { path: 'nodes', objectiveMs: 300_000 },
    ],
    failures: [{ calls: 'all', phases: ['fault', 'recovered'], maxFailedRatio: 0 }],
    refusal: { medianLimitMs: 500 },
    sessions: { maxLost: 0 },
    restarts: { maxUnattributed: 0 },
    availability: { maxUnavailablePods: 1 },
    untouched: 'on-demand',
    autoscaling: { maxLagMs: 30_000 },
  };
  for (const id of [
    'recovery.pods',
    'recovery.nodes',
    'failures.all.fault',
    'failures.all.recovered',
    'refusal',
    'sessions',
    'restarts',
    'pods-available',
    'untouched.on-demand',
    'autoscaling',
  ])
    expect(findingOf(id, objectives), id).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringMatching(/^[A-Z].*\.$/),
    });
});

describe('failed calls', () => {
  const of = (maxFailedRatio: number, count: number, failed: number, some: Partial<Facts> = {}) =>
    findingOf(
      'failures.reads.fault',
      { failures: [{ calls: 'reads', phases: ['fault'], maxFailedRatio }] },
      { calls: [{ calls: 'reads', phase: 'fault', count, failed }], ...some },
    );

  it.each([
    [0, 1_000, 0, 'pass'],
    [0, 1_000, 1, 'fail'],
    [0.05, 1_000, 50, 'pass'],
    [0.05, 1_000, 51, 'fail'],
    [0.05, 20, 1, 'pass'],
    [0.29, 100, 29, 'pass'],
    [0.05, 19, 0, 'pass'],
    [0.05, 19, 1, 'inconclusive'],
    [0.05, 19, 2, 'fail'],
    [0, 0, 0, 'inconclusive'],
  ])('of which a share of %d may be, in %d calls with %d', (ratio, count, failed, outcome) => {
    expect(of(ratio, count, failed).outcome).toBe(outcome);
  });

  it('say their numbers in a sentence', () => {
    expect(of(0.05, 3_951, 131).message).toBe('131 of 3,951 reads failed during the fault (3.32 %); at most 5 % may.');
    expect(of(0, 3_951, 0).message).toBe('0 of 3,951 reads failed during the fault; none may.');
    expect(of(0.05, 3, 1).message).toBe(
      '1 of 3 reads failed during the fault (33.33 %); at most 5 % may, and one call is that share only of 20 or more.',
    );
  });

  it('that k6 did not send may have failed or not', () => {
    expect(of(0, 1_000, 0, dropped).outcome).toBe('inconclusive');
    expect(of(0.05, 1_000, 51, dropped).outcome).toBe('inconclusive');
    expect(of(0.05, 1_000, 52, dropped).outcome).toBe('fail');
    expect(of(0, 1_000, 9, dropped).outcome).toBe('fail');
  });

  it('may be a late host’s fault, and their absence may not', () => {
    expect(of(0, 1_000, 1, lateHost).outcome).toBe('inconclusive');
    expect(of(0, 1_000, 0, lateHost).outcome).toBe('pass');
  });
});

describe('refusal', () => {
  const of = (failed: number, medianMs: number | null, some: Partial<Facts> = {}) =>
    findingOf(
      'refusal',
      { refusal: { medianLimitMs: 500 } },
      { refusal: { probes: 5_000, failed, medianMs, p95Ms: medianMs }, ...some },
    );

  it.each([
    [800, 500, 'pass'],
    [800, 501, 'fail'],
    [4, 501, 'inconclusive'],
    [1, 20, 'pass'],
  ])('of %d writes with a median of %d ms of 500', (failed, medianMs, outcome) => {
    expect(of(failed, medianMs).outcome).toBe(outcome);
  });

  it('that nobody met keeps the promise, and says so', () => {
    expect(of(0, null)).toMatchObject({
      outcome: 'pass',
      message: 'Nobody had to be refused: none of 5,000 write probes failed after the injection; limit 500 ms.',
    });
    expect(of(0, null, unproven).outcome).toBe('inconclusive');
  });

  it('that was slow while the host was late proves nothing', () => {
    const lateInFault = { phases: [{ phase: 'fault' as const, stealRatio: 0.1, sentinelLatenessP99Ms: 5 }] };
    expect(of(800, 2_000, lateHost).outcome).toBe('inconclusive');
    expect(of(800, 2_000, { host: { ...good.host, ...lateInFault } }).outcome).toBe('inconclusive');
    expect(of(800, 20, lateHost).outcome).toBe('pass');
  });
});

describe('sessions', () => {
  const of = (kept: number, lost: number, some: Partial<Facts> = {}) =>
    findingOf('sessions', { sessions: { maxLost: 1 } }, { sessions: { kept, lost }, ...some });

  it.each([
    [100, 1, 'pass'],
    [100, 2, 'fail'],
    [0, 0, 'inconclusive'],
  ])('of which %d were kept and %d lost, one at most', (kept, lost, outcome) => {
    expect(of(kept, lost).outcome).toBe(outcome);
  });

  it('that were lost are lost whatever k6 did not send, and nobody knows of the others', () => {
    expect(of(100, 2, dropped).outcome).toBe('fail');
    expect(of(100, 0, dropped).outcome).toBe('inconclusive');
    expect(of(100, 0, unproven).outcome).toBe('inconclusive');
  });

  it('say their numbers in a sentence', () => {
    expect(of(811, 1).message).toBe('1 of 812 sessions looked for after the injection was lost; at most 1 may be.');
  });
});

describe('restarts', () => {
  const of = (podEnds: PodEnd[], some: Partial<CapacityFacts> = {}) =>
    findingOf('restarts', { restarts: { maxUnattributed: 0 } }, capacityOf({ podEnds, ...some }));

  it('that the platform accounts for are no bugs, each told with its cause', () => {
    expect(
      of([podEnd(), podEnd({ pod: 'storefront-5', cause: 'scaled-down', because: '4 are wanted' })]),
    ).toMatchObject({
      outcome: 'pass',
      message: '2 pods ended while the load was on, 1 evicted, 1 scaled down; none may crash.',
      evidence: {
        crashed: 0,
        evicted: 1,
        ends: 'storefront-4 on local-1a-2 evicted: spot interruption of i-1; storefront-5 on local-1a-2 scaled-down: 4 are wanted',
      },
    });
    expect(of([])).toMatchObject({ outcome: 'pass', message: 'No pod ended while the load was on; none may crash.' });
  });

  it('that were crashes fail', () => {
    expect(of([podEnd(), podEnd({ cause: 'crashed', because: 'exit code 1' })])).toMatchObject({
      outcome: 'fail',
      evidence: { crashed: 1 },
    });
  });

  it('that nobody accounts for leave it open', () => {
    expect(of([], { unexplained: ['storefront-2'] })).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringContaining('nothing says why storefront-2 is gone'),
    });
  });
});

describe('available pods', () => {
  const of = (mostUnavailable: number, some: Partial<CapacityFacts> = {}) =>
    findingOf(
      'pods-available',
      { availability: { maxUnavailablePods: 1 } },
      capacityOf({
        pods: { wantedBefore: 5, leastReady: 5 - mostUnavailable, mostUnavailable, atMs: at(36) },
        ...some,
      }),
    );

  it.each([
    [1, 'pass'],
    [2, 'fail'],
  ])('of which %d are missing, one at most', (missing, outcome) => {
    expect(of(missing).outcome).toBe(outcome);
  });

  it('say their numbers in a sentence', () => {
    expect(of(2).message).toBe(
      '3 pods at the least were ready after the injection, where 5 were wanted: 2 missing at the worst; at most 1 may be.',
    );
  });

  it('may have been fewer where nobody looked', () => {
    expect(of(0, { longestGapMs: 3_001 })).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringContaining('not looked at for 3 s'),
    });
    expect(of(0, { longestGapMs: null }).outcome).toBe('inconclusive');
    expect(of(2, { longestGapMs: 9_000 }).outcome).toBe('fail');
  });
});

describe('nodes that are to stay untouched', () => {
  const of = (podEnds: PodEnd[], some: Partial<Facts> = {}) =>
    findingOf('untouched.on-demand', { untouched: 'on-demand' }, { ...capacityOf({ podEnds }), ...some });

  it.each<[string, Partial<PodEnd>, string]>([
    ['lost a pod', { capacity: 'on-demand', cause: 'node-lost' }, 'fail'],
    ['had a pod that crashed', { capacity: 'on-demand', cause: 'crashed' }, 'fail'],
    ['gave a pod back to autoscaling', { capacity: 'on-demand', cause: 'scaled-down' }, 'pass'],
    ['lost a pod before the injection', { capacity: 'on-demand', cause: 'node-lost', atMs: at(29) }, 'pass'],
    ['stand beside others that lost a pod', { capacity: 'spot', cause: 'evicted' }, 'pass'],
  ])('and %s', (_, end, outcome) => {
    expect(of([podEnd(end)]).outcome).toBe(outcome);
  });

  it('prove nothing when nothing is known to have been touched at all', () => {
    expect(of([], unproven).outcome).toBe('inconclusive');
  });
});

describe('autoscaling', () => {
  const fact: AutoscalingFact = {
    lagMs: 12_500,
    uncertaintyMs: 500,
    observedMs: 40_000,
    podsBefore: 3,
    podsEnough: 6,
    podsMost: 6,
    looks: 80,
    readings: 80,
  };
  const of = (some: Partial<AutoscalingFact>, facts: Partial<Facts> = {}) =>
    findingOf('autoscaling', { autoscaling: { maxLagMs: 30_000 } }, { autoscaling: { ...fact, ...some }, ...facts });
  const never = { lagMs: null, podsEnough: null, podsMost: 3 };

  it.each([
    [29_500, 'pass'],
    [29_501, 'inconclusive'],
    [30_500, 'inconclusive'],
    [30_501, 'fail'],
  ])('after %d ms of 30,000 and 500 ms of uncertainty: %s', (lagMs, outcome) => {
    expect(of({ lagMs }).outcome).toBe(outcome);
  });

  it('says its numbers in a sentence, and how long it was waited for', () => {
    expect(of({}).message).toBe(
      'Ready pods were enough 12.5 s after the peak began (± 500 ms), 6 where there were 3 before; objective 30 s.',
    );
    expect(of(never)).toMatchObject({
      outcome: 'fail',
      message:
        'Ready pods were never enough in the 40 s of the peak, 3 at the most where there were 3 before; objective 30 s.',
    });
  });

  it('is unknown without readings of the CPU', () => {
    expect(of({ ...never, readings: 0 }).outcome).toBe('inconclusive');
    expect(of({ ...never, readings: 39 }).outcome).toBe('inconclusive');
    expect(of({ ...never, readings: 40 }).outcome).toBe('fail');
  });

  it('that came late may be a late host’s fault, and one in time needs the whole load', () => {
    expect(of(never, lateHost).outcome).toBe('inconclusive');
    expect(of({}, lateHost).outcome).toBe('pass');
    expect(of({}, dropped).outcome).toBe('inconclusive');
  });
});

describe('recovery of pods and nodes', () => {
  const of = (some: Partial<RecoveryFact>, facts: Partial<Facts> = capacityOf()) => {
    const counted = {
      uncertaintyMs: 500,
      serviceRestoredMs: 12_300,
      performanceRestoredMs: null,
      ready: { before: 5, least: 3 },
      probes: 80,
    };
    return findingOf(
      'recovery.pods',
      { recovery: [{ path: 'pods', objectiveMs: 30_000 }] },
      { recovery: [recovery('pods', { ...counted, ...some })], ...facts },
    );
  };

  it('says its numbers in a sentence', () => {
    expect(of({})).toMatchObject({
      outcome: 'pass',
      message:
        'Pods were at full strength again 12.3 s after the injection (± 500 ms): 5 ready before, 3 at the least after; objective 30 s.',
      evidence: { readyBefore: 5, leastReady: 3, actualMs: 12_300 },
    });
    expect(of({ outage: false, serviceRestoredMs: 0, ready: { before: 5, least: 5 } }).message).toBe(
      'None of 80 looks after the injection found pods missing: 5 ready before, 5 at the least after; objective 30 s.',
    );
  });

  it('that never came fails with how long it was waited for', () => {
    expect(of({ recovered: false, serviceRestoredMs: null })).toMatchObject({
      outcome: 'fail',
      message:
        'Pods were not at full strength again when the load ended 40 s after the injection: 5 ready before, 3 at the least after; objective 30 s.',
    });
  });

  it('is unknown where nobody looked, and does not rest on probes', () => {
    expect(of({}, capacityOf({ longestGapMs: 8_000 })).outcome).toBe('inconclusive');
    const problems: Facts['problems'] = [{ about: 'recovery', message: 'a lane fell silent' }];
    expect(of({}, { ...capacityOf(), problems }).outcome).toBe('pass');
  });
});

describe('a drill without a fault', () => {
  const noFault = { ...plan, fault: null };
  const facts: Facts = { ...good, fault: null, recovery: [], timeline: { ...good.timeline, injectedAtMs: null } };

  it('has no finding on a fault or a recovery, and passes', () => {
    const verdict = judge(facts, noFault);
    expect(verdict).toMatchObject({ outcome: 'pass', fault: null, recovery: [] });
    expect(verdict.findings.filter(({ id }) => /fault|recovery/.test(id))).toEqual([]);
    expect(JSON.stringify(verdict.findings)).not.toMatch(/fault|injection|recover/);
  });

  it('judges what was promised since the peak, in those words', () => {
    const objectives: Objectives = {
      ...plan.objectives,
      sessions: { maxLost: 0 },
      failures: [{ calls: 'all', phases: ['recovered'], maxFailedRatio: 0 }],
    };
    const { findings } = judge(
      {
        ...facts,
        sessions: { kept: 10, lost: 0 },
        calls: [{ calls: 'all', phase: 'recovered', count: 90, failed: 0 }],
      },
      { ...noFault, objectives },
    );
    const messageOf = (id: string) => findings.find((finding) => finding.id === id)?.message;
    expect(messageOf('sessions')).toBe('0 of 10 sessions looked for since the peak began were lost; none may be.');
    expect(messageOf('failures.all.recovered')).toBe('0 of 90 calls failed after the peak; none may.');
  });
});
