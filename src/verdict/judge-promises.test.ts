import { describe, expect, it } from 'vitest';
import { at, dropped, findingOf, good, plan, recovery, robbedHost, unproven } from '../../tests/support/test-drill.ts';
import type { PodEnd } from '../model/facets.ts';
import type { AutoscalingFact, CapacityFacts, Facts, RecoveryFact } from '../model/facts.ts';
import type { Objectives } from '../model/objectives.ts';
import { judge } from './judge.ts';

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
    askedForPodEnds: true,
    unexplained: [],
    ...some,
  },
});

it('nothing is judged that was not promised', () => {
  const facts: Facts = {
    ...good,
    ...capacityOf({ podEnds: [podEnd({ cause: 'crashed' })] }),
    sessions: { kept: 0, lost: 9, unanswered: 0 },
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
    expect(findingOf(id, {}, objectives), id).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringMatching(/^[A-Z].*\.$/),
    });
});

describe('failed calls', () => {
  const of = (maxFailedRatio: number, count: number, failed: number, some: Partial<Facts> = {}, robbedFailed = 0) =>
    findingOf(
      'failures.reads.fault',
      { calls: [{ calls: 'reads', phase: 'fault', count, failed, robbedFailed }], ...some },
      { failures: [{ calls: 'reads', phases: ['fault'], maxFailedRatio }] },
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
      '1 of 3 reads failed during the fault (33.33 %); at most 5 % may, and a single call exceeds that among fewer than 20.',
    );
  });

  it('that k6 did not send, ten for each iteration, may have failed or not', () => {
    expect(of(0, 1_000, 0, dropped).outcome).toBe('inconclusive');
    // (21 + 30) / 1,030 is the least that is more than 5 %: 22 failed.
    expect(of(0.05, 1_000, 21, dropped).outcome).toBe('pass');
    expect(of(0.05, 1_000, 22, dropped).outcome).toBe('inconclusive');
    // 51.5 are 5 % of 1,030.
    expect(of(0.05, 1_000, 51, dropped).outcome).toBe('inconclusive');
    expect(of(0.05, 1_000, 52, dropped).outcome).toBe('fail');
    expect(of(0, 1_000, 9, dropped).outcome).toBe('fail');
  });

  it('in other phases than those in which k6 dropped iterations are all known', () => {
    const load = { ...good.load, dropped: 3, droppedInPhases: [{ phase: 'peak' as const, count: 3 }] };
    expect(of(0, 1_000, 0, { load }).outcome).toBe('pass');
  });

  it('may be the host’s fault in seconds that it robbed, and their absence may not', () => {
    expect(of(0, 1_000, 3, robbedHost, 3).outcome).toBe('inconclusive');
    expect(of(0, 1_000, 3, robbedHost, 2).outcome).toBe('fail');
    expect(of(0, 1_000, 0, robbedHost).outcome).toBe('pass');
  });

  it('may have been moved here by a step of the clock, as many as came in that time', () => {
    // 20 ms at 638 requests/s: thirteen calls.
    const host = { ...good.host, clockStepMs: 20 };
    expect(of(0, 1_000, 13, { host }).outcome).toBe('inconclusive');
    expect(of(0, 1_000, 14, { host }).outcome).toBe('fail');
  });
});

describe('refusal', () => {
  const of = (failed: number, medianMs: number | null, some: Partial<Facts> = {}, p95Ms = medianMs) =>
    findingOf(
      'refusal',
      { refusal: { probes: 5_000, failed, medianMs, p95Ms }, ...some },
      { refusal: { medianLimitMs: 500, p95LimitMs: 2_000 } },
    );

  it.each([
    [800, 500, 'pass'],
    [800, 501, 'fail'],
    [4, 501, 'inconclusive'],
    [1, 20, 'pass'],
  ])('of %d writes with a median of %d ms of 500', (failed, medianMs, outcome) => {
    expect(of(failed, medianMs).outcome).toBe(outcome);
  });

  it.each([
    [800, 2_000, 'pass'],
    [800, 2_001, 'fail'],
    [4, 2_001, 'inconclusive'],
  ])('of %d writes, half of them at once, with a 95th percentile of %d ms of 2,000', (failed, p95Ms, outcome) => {
    expect(of(failed, 20, {}, p95Ms).outcome).toBe(outcome);
  });

  it('is judged by its median alone where nothing else is promised', () => {
    const refusal = { probes: 5_000, failed: 800, medianMs: 20, p95Ms: 9_000 };
    expect(findingOf('refusal', { refusal }, { refusal: { medianLimitMs: 500 } })).toMatchObject({
      outcome: 'pass',
      message:
        '800 of 5,000 write probes failed after the injection, half of them within 20 ms, 95 % within 9 s; limit 500 ms.',
    });
  });

  it('that nobody met keeps the promise, and says so', () => {
    expect(of(0, null)).toMatchObject({
      outcome: 'pass',
      message:
        'Nothing had to be refused: none of 5,000 write probes failed after the injection; limit 500 ms, and 2 s for 95 %.',
    });
    expect(of(0, null, unproven).outcome).toBe('inconclusive');
  });

  it('that was slow while the host robbed the instruments proves nothing', () => {
    expect(of(800, 2_000, robbedHost).outcome).toBe('inconclusive');
    expect(of(800, 20, robbedHost).outcome).toBe('pass');
  });
});

describe('restarts', () => {
  const of = (podEnds: PodEnd[], some: Partial<CapacityFacts> = {}) =>
    findingOf('restarts', capacityOf({ podEnds, ...some }), { restarts: { maxUnattributed: 0 } });

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

  it('of which the platform was never asked, or that nobody looked for, leave it open, and a crash that is known fails', () => {
    const crash = podEnd({ cause: 'crashed' });
    for (const doubt of [{ askedForPodEnds: false }, { longestGapMs: 3_001 }]) {
      expect(of([], doubt).outcome).toBe('inconclusive');
      expect(of([crash], doubt).outcome).toBe('fail');
    }
  });
});

describe('available pods', () => {
  const of = (mostUnavailable: number, some: Partial<CapacityFacts> = {}) =>
    findingOf(
      'pods-available',
      capacityOf({
        pods: { wantedBefore: 5, leastReady: 5 - mostUnavailable, mostUnavailable, atMs: at(36) },
        ...some,
      }),
      { availability: { maxUnavailablePods: 1 } },
    );

  it.each([
    [1, 'pass'],
    [2, 'fail'],
  ])('of which %d are missing, one at most', (missing, outcome) => {
    expect(of(missing).outcome).toBe(outcome);
  });

  it('say their numbers in a sentence', () => {
    expect(of(2).message).toBe(
      'At least 3 pods were ready after the injection, of 5 wanted: 2 missing at the worst; at most 1 may be.',
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
    findingOf('untouched.on-demand', { ...capacityOf({ podEnds }), ...some }, { untouched: 'on-demand' });

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
    expect(of([], capacityOf({ askedForPodEnds: false })).outcome).toBe('inconclusive');
    const readyOn = (onDemand: number) => capacityOf({ readyOn: { 'on-demand': onDemand, spot: 6 } });
    expect(of([], readyOn(0))).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringContaining('none was there'),
    });
    expect(of([], readyOn(3)).outcome).toBe('pass');
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
    findingOf('autoscaling', { autoscaling: { ...fact, ...some }, ...facts }, { autoscaling: { maxLagMs: 30_000 } });
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
      'There were enough ready pods 12.5 s after the peak began (± 500 ms), 6 instead of 3; objective 30 s.',
    );
    expect(of(never)).toMatchObject({
      outcome: 'fail',
      message: 'There were never enough ready pods in the 40 s of the peak, and none came to the 3; objective 30 s.',
    });
  });

  it('is unknown without readings of the CPU', () => {
    expect(of({ ...never, readings: 0 }).outcome).toBe('inconclusive');
    expect(of({ ...never, readings: 39 }).outcome).toBe('inconclusive');
    expect(of({ ...never, readings: 40 }).outcome).toBe('fail');
  });

  it('that was never enough fails once its objective has passed within the peak, and is unknown before', () => {
    expect(of({ ...never, observedMs: 30_000 })).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringMatching(/objective 30 s, which was not over yet when the peak was\.$/),
    });
    expect(of({ ...never, observedMs: 30_001 }).outcome).toBe('fail');
  });

  it('that had nothing to add was not drilled', () => {
    for (const podsEnough of [3, 2])
      expect(of({ lagMs: 0, podsEnough })).toMatchObject({
        outcome: 'inconclusive',
        message:
          '3 pods were enough from the start, so none had to be added: autoscaling was not drilled; objective 30 s.',
      });
  });

  it('that added nothing for longer than its objective is no better than one that added pods late', () => {
    expect(of({ lagMs: 40_000, podsEnough: 6 }).outcome).toBe('fail');
    expect(of({ lagMs: 40_000, podsEnough: 3 }).outcome).toBe('fail');
    expect(of({ lagMs: 20_000, podsEnough: 3 })).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringMatching(/^3 pods were enough after 20 s without another,/),
    });
  });

  it('that came late may be the fault of a host that robbed seconds at peak, and one in time needs the whole load', () => {
    const robbedPeak = {
      host: {
        ...good.host,
        phases: [
          {
            phase: 'peak' as const,
            seconds: 20,
            robbedSeconds: 2,
            stealRatio: 0.2,
            busyRatio: 0.7,
            sentinelLatenessP99Ms: 40,
          },
        ],
      },
    };
    expect(of(never, robbedPeak).outcome).toBe('inconclusive');
    expect(of(never, robbedHost).outcome).toBe('fail');
    expect(of({}, robbedPeak).outcome).toBe('pass');
    expect(of({}, dropped).outcome).toBe('inconclusive');
    expect(of(never, dropped).outcome).toBe('fail');
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
      { recovery: [recovery('pods', { ...counted, ...some })], ...facts },
      { recovery: [{ path: 'pods', objectiveMs: 30_000 }] },
    );
  };

  it('says its numbers in a sentence', () => {
    expect(of({})).toMatchObject({
      outcome: 'pass',
      message:
        'Pods were back at full strength 12.3 s after the injection (± 500 ms): 5 ready before, at least 3 after; objective 30 s.',
      evidence: { readyBefore: 5, leastReady: 3, actualMs: 12_300 },
    });
    expect(of({ outage: false, serviceRestoredMs: 0, ready: { before: 5, least: 5 } }).message).toBe(
      'No pods were missing in 80 looks after the injection: 5 ready before, at least 5 after; objective 30 s.',
    );
  });

  it('that never came fails with how long it was waited for', () => {
    expect(of({ recovered: false, serviceRestoredMs: null })).toMatchObject({
      outcome: 'fail',
      message:
        'Pods were not back at full strength when the load ended 40 s after the injection: 5 ready before, at least 3 after; objective 30 s.',
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
        sessions: { kept: 10, lost: 0, unanswered: 0 },
        calls: [{ calls: 'all', phase: 'recovered', count: 90, failed: 0, robbedFailed: 0 }],
      },
      { ...noFault, objectives },
    );
    const messageOf = (id: string) => findings.find((finding) => finding.id === id)?.message;
    expect(messageOf('sessions')).toBe('0 of 10 sessions looked for since the peak began were lost; none may be.');
    expect(messageOf('failures.all.recovered')).toBe('0 of 90 calls failed after the peak; none may.');
  });
});
