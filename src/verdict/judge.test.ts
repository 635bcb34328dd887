import { describe, expect, it } from 'vitest';
import {
  apart,
  at,
  findingOf,
  good,
  orders,
  placing,
  plan,
  recovery,
  robbedHost,
} from '../../tests/support/test-drill.ts';
import type { Facts, OrderFacts, RecoveryFact } from '../model/facts.ts';
import { counted, type Finding, type Verdict, verdictSchema, worst } from '../model/verdict.ts';
import { judge } from './judge.ts';

const verdictOf = (some: Partial<Facts>): Verdict => judge({ ...good, ...some }, plan);
const replace = <T extends object>(list: T[], match: (item: T) => boolean, some: Partial<T>): T[] =>
  list.map((item) => (match(item) ? { ...item, ...some } : item));
const manySlowCheckouts = {
  latency: replace(good.latency, ({ path }) => path === 'checkout', apart(512, 100)),
};
const recovering = (of: RecoveryFact['path'], some: Partial<RecoveryFact>) => ({
  recovery: good.recovery.map((fact) => (fact.path === of ? recovery(of, some) : fact)),
});
const write = (some: Partial<RecoveryFact>) => recovering('write', some);
const shop = (some: Partial<RecoveryFact>) => recovering('shop', some);

describe('a verdict', () => {
  it('passes when every finding that counts does; what the plan left open is told and does not count', () => {
    const verdict = verdictOf({});
    expect(verdict.findings.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'peak-reached pass',
      'fault-bit pass',
      'recovery.write pass',
      'recovery.shop pass',
      'recovery.replicas pass',
      'latency.api.baseline inconclusive',
      'latency.api.peak pass',
      'latency.checkout.peak pass',
      'orders.lost pass',
      'orders.duplicated pass',
      'orders.wrong pass',
      'orders.unexpected pass',
      'error-budget.api pass',
      'error-budget.checkout pass',
      'host pass',
    ]);
    expect(verdict.findings.filter(({ leftOpen }) => leftOpen).map(({ id }) => id)).toEqual(['latency.api.baseline']);
    expect(verdict.outcome).toBe('pass');
  });

  it('is its worst finding', () => {
    expect(verdictOf({ orders: null }).outcome).toBe('inconclusive');
    expect(verdictOf({ orders: null, ...manySlowCheckouts }).outcome).toBe('fail');
  });

  it('rests on nothing that was told and not judged, on what was left open only when it fails, and needs some finding', () => {
    const of = (outcome: Finding['outcome'], leftOpen?: true): Finding => ({
      id: 'x',
      title: 'X',
      outcome,
      ...(leftOpen && { leftOpen }),
      message: '',
      evidence: {},
    });
    expect(counted([of('pass'), of(null), of('inconclusive', true)])).toEqual(['pass']);
    expect(counted([of('pass'), of('inconclusive')])).toEqual(['pass', 'inconclusive']);
    expect(counted([of('pass'), of('fail', true)])).toEqual(['pass', 'fail']);
    expect(worst(counted([of(null), of('inconclusive', true)]))).toBe('inconclusive');
  });

  it('says of what rests on a sentinel that was lost why nothing is known, also where nothing was measured', () => {
    const sentinel = {
      ...{ pod: 'sentinel-x', node: 'node4', zone: 'z1', because: 'nothing is heard of its pod', lost: true },
      ...{ hit: 'node node4 is not ready', missing: 0, lastSentMs: null, clockOffMs: 4 },
    };
    for (const [recovery, ids] of [
      [good.recovery, ['recovery.write', 'recovery.shop', 'recovery.replicas']],
      [[], ['recovery.write', 'recovery.shop']],
    ] as const) {
      for (const id of ids) {
        const { outcome, message } = findingOf(id, { sentinel, recovery: [...recovery] });
        expect(outcome).toBe('inconclusive');
        expect(message).toMatch(/because the sentinel ran in zone z1 on node node4, which the fault hit/);
      }
      expect(findingOf('orders.lost', { sentinel, recovery: [...recovery] }).outcome).toBe('pass');
    }
  });

  it('has no pass and no fail of what the evidence tells when the evidence as such is in doubt', () => {
    const problems: Facts['problems'] = [{ about: 'evidence', message: 'a checksum differs' }];
    const latency = good.latency.map((fact) => ({ ...fact, ...apart(fact.count, fact.count) }));
    const { findings } = verdictOf({ problems, latency });
    const decided = findings.filter(({ outcome }) => outcome !== 'inconclusive').map(({ id }) => id);
    expect(decided).toEqual(['fault-bit']);
  });

  it('tells of a checker that fails, and keeps the findings of the others', () => {
    const broken = { ...good, calls: null } as unknown as Facts;
    const failures = [{ calls: 'all' as const, phases: ['peak' as const], maxFailedRatio: 0 }];
    const { findings, outcome } = judge(broken, { ...plan, objectives: { ...plan.objectives, failures } });
    expect(outcome).toBe('inconclusive');
    expect(findings.find(({ id }) => id === 'failures')).toMatchObject({
      title: 'Failed calls',
      outcome: 'inconclusive',
      message: expect.stringMatching(/^This could not be judged, because its checker failed: .*null.*[^.]\.$/),
    });
    expect(findings.find(({ id }) => id === 'orders.lost')?.outcome).toBe('pass');
  });

  it('stands in the order of its schema, with three decimals and no more', () => {
    const verdict = verdictOf({});
    expect(JSON.stringify(verdictSchema.parse(verdict))).toBe(JSON.stringify(verdict));
    expect(verdict.finishedAt).toBe('2026-11-27T09:01:15.000Z');
    expect(verdict.latency[0]?.p50Ms).toBe(9.123);
    expect(verdict.load.peakRatePerSecond).toBe(638.123);
    expect(verdict.recovery[0]?.phases[0]?.endMs).toBe(2_000);
    expect(JSON.stringify(verdictOf({}))).toBe(JSON.stringify(verdict));
  });

  it('never passes on nothing at all', () => {
    const nothing: Partial<Facts> = {
      run: { ...good.run, status: 'crashed', reason: 'killed', finishedAtMs: null },
      fault: null,
      latency: [],
      recovery: [],
      orders: null,
      budgets: null,
      load: { ...good.load, baselineRatePerSecond: null, peakRatePerSecond: null, peakProvenAtMs: null, dropped: null },
      host: {
        cpuCount: null,
        cpuPressureRatio: null,
        stealRatio: null,
        busyRatio: null,
        neighbourRatio: null,
        robbed: [],
        sentinelLatenessP99Ms: null,
        phases: [],
        clockStepMs: null,
      },
    };
    const verdict = verdictOf(nothing);
    expect(new Set(verdict.findings.map(({ outcome }) => outcome))).toEqual(new Set(['inconclusive']));
    expect(verdict.recovery.map(({ actualMs, badMs }) => [actualMs, badMs])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(verdict.errorBudget.promises.map(({ burnedRatio }) => burnedRatio)).toEqual([null, null]);
  });
});

describe('recovery', () => {
  it('says its numbers in a sentence', () => {
    expect(findingOf('recovery.write', {}).message).toBe(
      'Writes recovered 4.2 s after the injection (± 10 ms); objective 30 s.',
    );
    expect(findingOf('recovery.write', write({ outage: false, serviceRestoredMs: 0 })).message).toBe(
      'None of 8,000 write probes failed after the injection; objective 30 s.',
    );
  });

  it.each([
    [29_990, 'pass'],
    [29_991, 'inconclusive'],
    [30_010, 'inconclusive'],
    [30_011, 'fail'],
  ])('after %d ms of 30,000 and 10 ms of uncertainty: %s', (serviceRestoredMs, outcome) => {
    expect(findingOf('recovery.write', write({ serviceRestoredMs })).outcome).toBe(outcome);
  });

  it('that had not come when its objective had passed fails with how long it was waited for', () => {
    const finding = findingOf(
      'recovery.write',
      write({ recovered: false, outageEndMs: null, serviceRestoredMs: null }),
    );
    expect(finding.outcome).toBe('fail');
    expect(finding.message).toBe(
      'Writes had not recovered when the load ended 40 s after the injection; objective 30 s.',
    );
    expect(finding.evidence.actualMs).toBeNull();
  });

  it.each([
    [29_000, 'inconclusive'],
    [30_010, 'inconclusive'],
    [30_011, 'fail'],
  ])(
    'that had not come after %d ms of 30,000 and 10 ms of uncertainty, in whatever way the run ended: %s',
    (observedMs, outcome) => {
      const never = write({ recovered: false, serviceRestoredMs: null, observedMs });
      for (const status of ['completed', 'interrupted'] as const)
        expect(findingOf('recovery.write', { ...never, run: { ...good.run, status, reason: status } }).outcome).toBe(
          outcome,
        );
    },
  );

  it('that has not come in time to be judged takes as long as was watched, at the least', () => {
    const { message } = findingOf(
      'recovery.write',
      write({ recovered: false, serviceRestoredMs: null, observedMs: 29_000 }),
    );
    expect(message).toBe(
      'Writes had not recovered when the load ended 29 s after the injection; objective 30 s, which had not passed yet: recovery takes at least 28.99 s.',
    );
  });

  it('by an objective as long as the profile watches is told, not judged, when it was kept, and unknown when it was not', () => {
    const objectives = { recovery: [{ path: 'write' as const, objectiveMs: 40_000 }] };
    expect(findingOf('recovery.write', {}, objectives)).toMatchObject({
      outcome: null,
      message:
        'Writes recovered 4.2 s after the injection (± 10 ms); objective 40 s. Not judged: it cannot be missed in the 40 s that this profile watches, so it is reported, not judged.',
    });
    const never = write({ recovered: false, serviceRestoredMs: null });
    expect(findingOf('recovery.write', never, objectives).outcome).toBe('inconclusive');
    const { outcome, recovery } = judge(good, { ...plan, objectives: { ...plan.objectives, ...objectives } });
    expect([outcome, recovery[0]?.outcome]).toEqual(['pass', null]);
  });

  it('of the shop is that of its service and of its speed', () => {
    expect(verdictOf({}).recovery[1]?.actualMs).toBe(5_100);
    const slow = shop({ recovered: false, performanceRestoredMs: null });
    expect(findingOf('recovery.shop', slow)).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining('more slowly than promised'),
    });
  });

  it('of speed alone does not fail on a host that robbed the instruments, and of service does', () => {
    const slow = shop({ recovered: false, performanceRestoredMs: null });
    expect(findingOf('recovery.shop', slow).outcome).toBe('fail');
    expect(findingOf('recovery.shop', { ...slow, ...robbedHost }).outcome).toBe('inconclusive');
    const away = shop({ recovered: false, serviceRestoredMs: null });
    expect(findingOf('recovery.shop', { ...away, ...robbedHost }).outcome).toBe('fail');
    expect(findingOf('recovery.write', robbedHost).outcome).toBe('pass');
  });

  it('is in doubt after a step of the clock by so much as that explains', () => {
    const host = { ...good.host, clockStepMs: 500 };
    expect(findingOf('recovery.write', { host }).outcome).toBe('inconclusive');
    expect(findingOf('recovery.write', { host, ...write({ serviceRestoredMs: 30_500 }) }).outcome).toBe('inconclusive');
    expect(findingOf('recovery.write', { host, ...write({ serviceRestoredMs: 30_511 }) }).outcome).toBe('fail');
  });

  it('that was not measured is unknown', () => {
    expect(findingOf('recovery.write', { recovery: [] }).outcome).toBe('inconclusive');
    const tooShort = write({ outage: false, recovered: false, serviceRestoredMs: null, observedMs: 900 });
    expect(findingOf('recovery.write', tooShort).outcome).toBe('inconclusive');
  });

  it('does not pass without proof of a fault or with a problem, and fails all the same', () => {
    const unproven = { fault: good.fault && { ...good.fault, provenAtMs: null, proof: 'the writer stayed' } };
    expect(findingOf('fault-bit', unproven)).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringContaining('the writer stayed'),
    });
    expect(findingOf('recovery.write', unproven).outcome).toBe('inconclusive');
    expect(findingOf('recovery.write', { ...unproven, ...write({ serviceRestoredMs: 35_000 }) }).outcome).toBe('fail');
    const problems: Facts['problems'] = [{ about: 'recovery', message: 'a lane fell silent' }];
    expect(findingOf('recovery.write', { problems }).outcome).toBe('inconclusive');
    expect(findingOf('evidence.recovery', { problems }).message).toBe('a lane fell silent');
  });
});

describe('the peak', () => {
  it.each<[string, Partial<Facts['load']>, string]>([
    ['95 % of the plan', { peakRatePerSecond: 608 }, 'pass'],
    ['less', { peakRatePerSecond: 607 }, 'inconclusive'],
    ['an unknown rate', { peakRatePerSecond: null }, 'inconclusive'],
    ['a rate that was not proven', { peakProvenAtMs: null }, 'inconclusive'],
    ['a rate proven after the fault', { peakProvenAtMs: at(31) }, 'inconclusive'],
    ['dropped iterations, which the rate lacks anyway', { dropped: 1 }, 'pass'],
  ])('with %s', (_, load, outcome) => {
    expect(findingOf('peak-reached', { load: { ...good.load, ...load } }).outcome).toBe(outcome);
  });
});

describe('the host', () => {
  const host = (some: Partial<Facts['host']>) => findingOf('host', { host: { ...good.host, ...some } });
  const robbed = (phase: 'peak' | 'fault', robbedSeconds: number): Partial<Facts['host']> => ({
    phases: [{ phase, seconds: 20, robbedSeconds, stealRatio: 0.3, busyRatio: 0.7, sentinelLatenessP99Ms: 50 }],
  });

  it('kept up when its cores were full, and is unknown without probes', () => {
    expect(host({ busyRatio: 1, cpuPressureRatio: 0.99 }).outcome).toBe('pass');
    expect(host({ sentinelLatenessP99Ms: null }).outcome).toBe('inconclusive');
  });

  it('kept up unless it robbed the instruments of more than two thirds of a phase, and all calls do not pass', () => {
    expect(host(robbed('peak', 12)).outcome).toBe('pass');
    // All of its calls kept the promise all the same.
    expect(host(robbed('peak', 14)).outcome).toBe('pass');
    const latency = good.latency.map((fact) => ({ ...fact, robbed: { ...fact.robbed, leftOut: true } }));
    expect(findingOf('host', { latency, host: { ...good.host, ...robbed('peak', 14) } })).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringMatching('at peak, the instruments were robbed of 14 of 20 s'),
    });
    expect(host(robbed('fault', 20)).outcome).toBe('pass');
  });

  describe('that had no CPU to spare at peak', () => {
    const full = (busyRatio: number, neighbourRatio: number | null = 0): Partial<Facts> => ({
      host: {
        ...good.host,
        neighbourRatio,
        phases: [{ phase: 'peak', seconds: 20, robbedSeconds: 0, stealRatio: 0, busyRatio, sentinelLatenessP99Ms: 5 }],
      },
    });
    const away = { recovery: [recovery('write', { serviceRestoredMs: 40_000, serviceAtLeastMs: 40_000 })] };

    it('may have made late what was late, and did not lose what was lost', () => {
      expect(findingOf('recovery.write', { ...away, ...full(0.85) }).outcome).toBe('fail');
      expect(findingOf('recovery.write', { ...away, ...full(0.86) })).toMatchObject({
        outcome: 'inconclusive',
        message: expect.stringMatching('the load does not fit this host: its CPU was 86 % busy at peak'),
      });
      expect(findingOf('orders.lost', { orders: orders && { ...orders, lost: 1 }, ...full(1) }).outcome).toBe('fail');
    });

    it('is told, and leaves what passed all the same', () => {
      expect(findingOf('host', full(0.86))).toMatchObject({
        outcome: 'pass',
        message: expect.stringMatching('the load does not fit this host: its CPU was 86 % busy at peak'),
      });
      expect(findingOf('recovery.write', full(1)).outcome).toBe('pass');
      expect(verdictOf(full(1)).outcome).toBe('pass');
    });

    it('explains nothing of a platform that may run elsewhere', () => {
      expect(findingOf('recovery.write', { ...away, ...full(1, null) }).outcome).toBe('fail');
    });
  });

  it('did not keep up when its clock was stepped', () => {
    expect(host({ clockStepMs: 10 }).outcome).toBe('pass');
    expect(host({ clockStepMs: 11 }).outcome).toBe('inconclusive');
  });
});

describe('orders', () => {
  const some = (changed: Partial<OrderFacts>) => ({ orders: { ...orders, ...changed } });

  it.each(['lost', 'duplicated', 'wrong', 'unexpected'] as const)('that are %s fail', (what) => {
    const verdict = verdictOf(some({ [what]: 1 }));
    expect(verdict.orders).toMatchObject({ [what]: 1, outcome: 'fail' });
    expect(verdict.outcome).toBe('fail');
  });

  it('that were not read back are unknown, with the reason', () => {
    const facts: Partial<Facts> = {
      orders: null,
      problems: [{ about: 'orders', message: 'orders.csv.gz is missing' }],
    };
    expect(verdictOf(facts).orders).toMatchObject({ lost: null, outcome: 'inconclusive' });
    expect(findingOf('orders.read-back', facts).message).toMatch('orders.csv.gz is missing');
  });

  it('prove nothing when there were none', () => {
    const none = { ...placing, attempted: 0, acknowledged: 0, rejected: 0, indeterminate: 0 };
    const verdict = verdictOf({ ...some({ persisted: 0, compared: 0 }), placing: none });
    const ledger = verdict.findings.filter(({ id }) => id.startsWith('orders.'));
    expect(ledger.map(({ outcome }) => outcome)).toEqual(Array(4).fill('inconclusive'));
  });

  it('that nobody seems to have sent prove nothing when k6 did not end well', () => {
    const load = { ...good.load, generator: { ...good.load.generator, exitCode: null } };
    expect(findingOf('orders.unexpected', { ...some({ unexpected: 1 }), load }).outcome).toBe('inconclusive');
    expect(findingOf('orders.lost', { ...some({ lost: 1 }), load }).outcome).toBe('fail');
  });
});

it('a run that was not completed is not a whole drill, and each problem is told', () => {
  const run: Facts['run'] = { ...good.run, status: 'stopped', reason: 'errors above 50 %' };
  expect(findingOf('run', { run })).toMatchObject({
    outcome: 'inconclusive',
    message: expect.stringContaining('errors above 50 %'),
  });
  const problems: Facts['problems'] = [
    { about: 'host', message: 'one' },
    { about: 'host', message: 'two' },
  ];
  expect(
    verdictOf({ problems })
      .findings.slice(-2)
      .map(({ id }) => id),
  ).toEqual(['evidence.host', 'evidence.host.2']);
});
