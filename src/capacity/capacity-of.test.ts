import { describe, expect, test } from 'vitest';
import { normals } from '../../tests/support/runs/history-runs.ts';
import { brokenPaths, factors, factsOf, inFlightAt, stepFact, steppedPlan } from '../../tests/support/steps.ts';
import { type Capacity, capacitySchema } from '../model/capacity.ts';
import type { Facts, LoadStepFact } from '../model/facts.ts';
import { peakOf, type ScalabilityLaw, throughputAt } from '../statistics/universal-scalability.ts';
import { capacityOf } from './capacity-of.ts';

/** Its peak is at 22 calls in flight and 740 answers/s: between 12 and 14 times the baseline of 60/s. */
const law: ScalabilityLaw = { lambda: 120, alpha: 0.08, beta: 0.0019 };
const next = normals(4);

/** Steps of a shop that follows a law, with little noise; beyond its peak, ever more calls are in flight, and promises are broken. */
const ofLaw = (upTo = 20): LoadStepFact[] =>
  factors
    .filter((factor) => factor <= upTo)
    .map((factor) => {
      const fact = stepFact(factor);
      const peak = peakOf(law);
      const isOver = peak !== null && fact.plannedPerSecond > peak.perSecond;
      const inFlight = isOver ? (peak?.inFlight ?? 0) * (1 + factor / 20) : inFlightAt(law, fact.plannedPerSecond);
      const servedPerSecond = throughputAt(law, inFlight) * next(1, 0.01);
      return { ...fact, inFlight, servedPerSecond, ...(isOver && brokenPaths(fact)) };
    });

function judged(steps: LoadStepFact[], some: Partial<Facts> = {}): Capacity {
  const capacity = capacityOf(factsOf(steps, some), steppedPlan);
  expect(capacitySchema.parse(JSON.parse(JSON.stringify(capacity)))).toEqual(capacity);
  for (const [name, value] of [
    ['model', capacity.model],
    ['knee', capacity.knee],
    ['carriedPerSecond', capacity.carriedPerSecond],
    ['saturatesFirst', capacity.saturatesFirst],
    ['zonesLost', capacity.zonesLost],
    ['headroom.factor', capacity.headroom.factor],
    ['recommended.pods', capacity.recommended.pods],
    ['recommended.pools', capacity.recommended.pools],
    ['recommended.nodes', capacity.recommended.nodes],
  ] as const)
    expect(capacity.unknown[name] !== undefined, name).toBe(value === null);
  return capacity;
}

describe('a shop that follows a law until it breaks its promises', () => {
  const capacity = judged(ofLaw(17));

  test('has its knee near the peak of the law, by a model that is trusted', () => {
    expect(capacity.notTrustedBecause).toEqual([]);
    expect(capacity.trusted).toBe(true);
    const truth = peakOf(law)?.perSecond ?? 0;
    expect(Math.abs((capacity.knee?.ratePerSecond ?? 0) / truth - 1)).toBeLessThan(0.1);
    expect(capacity.ended.by).toBe('promise');
  });

  test('carries ten times, and not without a zone', () => {
    expect(capacity.outcome).toBe('pass');
    expect(capacity.carriedPerSecond).toBe(720);
    expect(capacity.headroom.atLeast).toBe(1.2);
    expect(capacity.zonesLost).toMatchObject({ podsLeft: 4, carriesPerSecond: 480, carriesTenfold: false });
  });

  test('is recommended pods enough for 70 % with all zones, and for what was carried with one less', () => {
    // 120/s a pod were carried: five have to be left, and eight pods leave five.
    expect(capacity.recommended.pods?.count).toBe(8);
    expect(capacity.recommended.nodes?.count).toBe(9);
    // 600/s over 5 pods: 12 uses/s of the writer, each 10 ms, and 60 of the reader, each 2 ms: 0.12 at once of either.
    expect(capacity.recommended.pools?.map(({ connectionsPerPod }) => connectionsPerPod)).toEqual([2, 2]);
  });
});

test('a peak of the law below what was carried is no knee', () => {
  // As measured of a pocket region in which less than one call was open at once, on average.
  const inFlight = [0.06, 0.09, 0.13, 0.17, 0.28, 0.33, 0.42, 0.43, 0.55, 0.69, 0.77];
  const steps = factors.map((factor, index) => {
    const fact = stepFact(factor);
    return { ...fact, inFlight: inFlight[index] ?? 0, servedPerSecond: fact.plannedPerSecond * 1.02 };
  });
  const capacity = judged(steps);
  expect(capacity.model?.peak?.perSecond).toBeLessThan(1.02 * 20 * 60);
  expect(capacity).toMatchObject({ knee: null, trusted: false });
  expect(capacity.unknown.knee).toContain('is less than the');
});

test('a shop with a cliff is not trusted', () => {
  const steps = factors
    .filter((factor) => factor <= 14)
    .map((factor) => {
      const fact = stepFact(factor);
      return factor < 12 ? fact : { ...fact, inFlight: 20 * factor, servedPerSecond: 630, ...brokenPaths(fact) };
    });
  const capacity = judged(steps);
  expect(capacity.trusted).toBe(false);
  expect(capacity.notTrustedBecause.join('\n')).toMatch(/% off|the law's peak is/);
  // What was measured stands all the same.
  expect(capacity.carriedPerSecond).toBe(600);
});

test('a promise that is broken at eight times fails, whatever the model is worth', () => {
  const steps = factors
    .filter((factor) => factor <= 10)
    .map((factor) => (factor < 8 ? stepFact(factor) : { ...stepFact(factor), ...brokenPaths(stepFact(factor)) }));
  const capacity = judged(steps);
  expect(capacity).toMatchObject({ outcome: 'fail', carriedPerSecond: 360 });
  expect(capacity.knee).toMatchObject({ by: 'promise', ratePerSecond: 480, lowPerSecond: 360, highPerSecond: 480 });
});

test('a machine that is full first says nothing of the shop, nor does a promise that was broken just before', () => {
  const steps = ofLaw(14).map((fact) =>
    fact.factor < 10
      ? fact
      : {
          ...fact,
          ...(fact.factor === 10
            ? { ...brokenPaths(fact), busyRatio: 0.84 }
            : { busyRatio: 0.93, neighbourRatio: 0.3 }),
        },
  );
  const capacity = judged(steps);
  expect(capacity).toMatchObject({ outcome: 'inconclusive', trusted: false, carriedPerSecond: 480 });
  expect(capacity.ended.by).toBe('host');
  expect(capacity.saturatesFirst).toMatchObject({ what: 'host', atRatePerSecond: 720 });
  expect(capacity.saturatesFirst?.evidence).toMatch(/93 % busy, 30 % with other programs/);
  expect(capacity.steps.filter(({ leftOut }) => leftOut !== null).map(({ factor }) => factor)).toEqual([10, 12, 14]);
  expect(capacity.notTrustedBecause.join('\n')).toMatch(/nothing is said of the shop beyond that/);
  expect(capacity.standIn).toMatch(/pocket region/);
});

test('a load side that does not send what was planned is told as such', () => {
  const capacity = judged(ofLaw(10).map((fact) => (fact.factor < 8 ? fact : { ...fact, dropped: 500 })));
  expect(capacity.saturatesFirst).toMatchObject({ what: 'load' });
  expect(capacity.outcome).toBe('inconclusive');
});

describe('what saturates first', () => {
  const first = (some: (fact: LoadStepFact) => Partial<LoadStepFact>) =>
    judged(ofLaw(17).map((fact) => (fact.factor < 14 ? fact : { ...fact, ...some(fact) }))).saturatesFirst;
  const pools = (holdMs: number): LoadStepFact['pools'] => [
    { role: 'writer', connections: 36, usesPerSecond: 90, holdMs, waitMs: 40, inUse: 35 },
  ];

  test('is a pool that is full, unless the database holds its connections for longer than before', () => {
    expect(first(() => ({ pools: pools(12) }))?.what).toBe('pool');
    expect(first(() => ({ pools: pools(60) }))?.what).toBe('database');
  });

  test('is the edge where a write around it is as fast as before', () => {
    expect(first(() => ({ probes: { throughEdgeMs: 80, aroundEdgeMs: 12 } }))?.what).toBe('edge');
    expect(first(() => ({ probes: { throughEdgeMs: 80, aroundEdgeMs: 70 } }))).toBeNull();
  });

  test("is the pods' CPU where they use all that they request", () => {
    expect(first(({ pods }) => ({ pods: pods && { ...pods, cpuRatio: 1.1 } }))?.what).toBe('cpu');
  });
});

test.each([
  [
    'a run that was stopped',
    ofLaw(17),
    { run: { ...factsOf([]).run, status: 'interrupted' as const, reason: 'by SIGINT' } },
    /did not go to its end: by SIGINT/,
  ],
  ['too few steps', ofLaw(6), {}, /too few|ended after 6 times|are needed/],
  ['no step at all', [], {}, /too few for the law/],
  [
    'pods that came and went',
    ofLaw(17).map((fact) => ({ ...fact, pods: fact.pods && { ...fact.pods, least: fact.factor > 4 ? 6 : 5 } })),
    {},
    /between 5 and 6 pods/,
  ],
  [
    'evidence in doubt',
    ofLaw(17),
    { problems: [{ about: 'evidence' as const, message: 'k6.csv.gz is damaged' }] },
    /damaged/,
  ],
])('%s is not trusted', (_, steps, some, because) => {
  const capacity = judged(steps, some);
  expect(capacity.trusted).toBe(false);
  expect(capacity.notTrustedBecause.join('\n')).toMatch(because);
  expect(capacity.outcome).toBe('inconclusive');
});

test('what the platform does not tell is unknown, and never 0', () => {
  const capacity = judged(ofLaw(17).map((fact) => ({ ...fact, pods: null, pools: null, probes: null })));
  expect(capacity.recommended).toEqual({ pods: null, pools: null, nodes: null });
  expect(capacity.zonesLost).toBeNull();
  expect(capacity.saturatesFirst).toBeNull();
});

test('that it is too little without a zone takes a rate that was not carried', () => {
  // Between 14 and 17 times were carried: two zones of three carry between 9.3 and 11.3 times.
  const { zonesLost } = judged(broken(17));
  expect(zonesLost).toMatchObject({ podsLeft: 4, carriesPerSecond: 560, carriesTenfold: null });
  expect(judged(broken(14)).zonesLost).toMatchObject({ carriesTenfold: false });
});

test('a single bad step of a load that somebody ended may have been a hiccup', () => {
  const { run } = factsOf([]);
  const early = { run: { ...run, status: 'interrupted' as const, reason: 'interrupted by SIGINT' } };
  expect(judged(broken(8), early).outcome).toBe('inconclusive');
  expect(judged([...broken(8), ...broken(10).slice(-1)], early).outcome).toBe('fail');
});

test('more pods are not recommended where something else gave way first', () => {
  const steps = broken(8).map((fact) =>
    fact.factor < 8
      ? fact
      : {
          ...fact,
          pools:
            fact.pools?.map((pool) => ({ ...pool, holdMs: 10 * pool.holdMs, inUse: 0.9 * pool.connections })) ?? null,
        },
  );
  const capacity = judged(steps);
  expect(capacity.saturatesFirst).toMatchObject({ what: 'database' });
  expect(capacity.recommended.pods).toBeNull();
  expect(capacity.unknown['recommended.pods']).toMatch(/the database gave way first, at 480 requests\/s/);
});

/** All is well until promises are broken at a multiple of the baseline. */
const broken = (at: number): LoadStepFact[] =>
  factors
    .filter((factor) => factor <= at)
    .map((factor) => (factor < at ? stepFact(factor) : { ...stepFact(factor), ...brokenPaths(stepFact(factor)) }));
