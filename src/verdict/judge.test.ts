import { describe, expect, it } from 'vitest';
import type { Facts, LatencyFact, OrderFacts, RecoveryFact } from '../model/facts.ts';
import { type Finding, type Verdict, verdictSchema } from '../model/verdict.ts';
import { judge } from './judge.ts';
import { at, good, orders, placing, plan } from './test-drill.ts';

const verdictOf = (some: Partial<Facts>): Verdict => judge({ ...good, ...some }, plan);
function findingOf(id: string, some: Partial<Facts>): Finding {
  const finding = verdictOf(some).findings.find((one) => one.id === id);
  if (finding === undefined) throw new Error(`no finding ${id}`);
  return finding;
}
const replace = <T extends object>(list: T[], match: (item: T) => boolean, some: Partial<T>): T[] =>
  list.map((item) => (match(item) ? { ...item, ...some } : item));
const checkout = (some: Partial<LatencyFact>) => ({
  latency: replace(good.latency, ({ path }) => path === 'checkout', some),
});
const write = (some: Partial<RecoveryFact>) => ({
  recovery: replace(good.recovery, ({ path }) => path === 'write', some),
});
const shop = (some: Partial<RecoveryFact>) => ({
  recovery: replace(good.recovery, ({ path }) => path === 'shop', some),
});

describe('a verdict', () => {
  it('passes when every finding does', () => {
    const verdict = verdictOf({});
    expect(verdict.findings.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'peak-reached pass',
      'fault-bit pass',
      'recovery.write pass',
      'recovery.shop pass',
      'latency.api.peak pass',
      'latency.checkout.peak pass',
      'orders.lost pass',
      'orders.duplicated pass',
      'orders.wrong pass',
      'orders.unexpected pass',
      'error-budget pass',
      'host pass',
    ]);
    expect(verdict.outcome).toBe('pass');
  });

  it('is its worst finding', () => {
    expect(verdictOf({ orders: null }).outcome).toBe('inconclusive');
    expect(verdictOf({ orders: null, ...checkout({ bad: 100 }) }).outcome).toBe('fail');
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
      events: null,
      load: { ...good.load, baselineRatePerSecond: null, peakRatePerSecond: null, peakProvenAtMs: null, dropped: null },
      host: {
        cpuCount: null,
        cpuPressureRatio: null,
        stealRatio: null,
        busyRatio: null,
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
    expect(verdict.errorBudget.burnedRatio).toBeNull();
  });
});

describe('latency', () => {
  it('says its numbers in a sentence', () => {
    expect(findingOf('latency.checkout.peak', {}).message).toBe(
      'checkout p99 at peak is 41.2 ms (at most 58 ms at 95 %), limit 200 ms: 0 of 512 calls were slower or failed.',
    );
  });

  it.each([
    [1_000, 4, 'pass'],
    [1_000, 5, 'inconclusive'],
    [1_000, 15, 'inconclusive'],
    [1_000, 16, 'fail'],
    [298, 0, 'inconclusive'],
    [299, 0, 'pass'],
    [250, 200, 'fail'],
    [0, 0, 'inconclusive'],
  ])('of %d calls with %d bad ones: %s', (count, bad, outcome) => {
    expect(findingOf('latency.checkout.peak', checkout({ count, bad })).outcome).toBe(outcome);
  });

  it('says how many calls it lacks', () => {
    const { message } = findingOf('latency.checkout.peak', checkout({ count: 120, p99HighMs: null }));
    expect(message).toMatch('0 of 120 calls were slower or failed, too few calls: at least 299 are needed.');
  });

  it('says which second kept it from passing, and how the CPU was', () => {
    const messageOf = (bad: number, worstSecond: LatencyFact['worstSecond']) =>
      findingOf('latency.checkout.peak', checkout({ count: 512, bad, worstSecond })).message;
    const atMs = at(26);
    expect(messageOf(5, { atMs, bad: 4, busyRatio: 0.887, stealRatio: 0.11 })).toMatch(
      / 4 of them came within one second, 4 s before the injection, with the CPU 88.7 % busy, 11 % stolen by the hypervisor\.$/,
    );
    expect(messageOf(5, { atMs: at(32.5), bad: 5, busyRatio: null, stealRatio: null })).toMatch(
      / 5 of them came within one second, 2.5 s after the injection\.$/,
    );
    expect(messageOf(5, { atMs, bad: 2, busyRatio: 0.9, stealRatio: null })).not.toMatch('one second');
    expect(messageOf(0, null)).not.toMatch('one second');
  });

  it('is reported and not judged where the plan says so', () => {
    const verdict = verdictOf({});
    expect(verdict.latency[0]).toMatchObject({ path: 'api', phase: 'baseline', bad: 150, outcome: null });
    expect(verdict.findings.some(({ id }) => id === 'latency.api.baseline')).toBe(false);
  });

  const host = (some: Partial<Facts['host']>) => ({ host: { ...good.host, ...some } });
  const generator = (some: object) => ({ load: { ...good.load, generator: { ...good.load.generator, ...some } } });
  it.each<[string, Partial<Facts>, RegExp]>([
    ['dropped iterations', { load: { ...good.load, dropped: 3 } }, /k6 dropped 3 iterations/],
    [
      'calls that were never sent',
      { load: { ...good.load, unsentInPhases: [{ phase: 'peak', count: 3 }] } },
      /3 calls got no further than k6's own machine/,
    ],
    [
      'a late sentinel',
      host({ sentinelLatenessP99Ms: 20.5 }),
      /the sentinel's p99 lateness was 20.5 ms \(at most 20 ms\)/,
    ],
    [
      'a late k6',
      { load: { ...good.load, lateInPhases: [{ phase: 'peak', p99Ms: 21 }] } },
      /k6's own p99 lateness was 21 ms \(at most 20 ms\)/,
    ],
    ['a hypervisor that took the CPU', host({ stealRatio: 0.06 }), /took 6 % of the CPU time/],
    ['k6 that failed', generator({ exitCode: 107 }), /exit code 107/],
    ['k6 that was killed', generator({ exitCode: null }), /no exit code/],
    ['a problem with the load', { problems: [{ about: 'load', message: 'a hole' }] }, /because a hole/],
  ])('is neither a pass nor a fail with %s', (_, facts, words) => {
    for (const bad of [0, 400]) {
      const finding = findingOf('latency.checkout.peak', { ...facts, ...checkout({ bad }) });
      expect(finding.outcome).toBe('inconclusive');
      expect(finding.message).toMatch(words);
    }
    expect(verdictOf({ ...facts, ...checkout({ bad: 400 }) }).latency[2]?.outcome).toBe('inconclusive');
  });

  it('is judged on a machine whose cores are full, when the sentinel was on time', () => {
    expect(findingOf('host', host({ busyRatio: 1, cpuPressureRatio: 0.99 })).outcome).toBe('pass');
    expect(findingOf('host', host({ sentinelLatenessP99Ms: 21 })).outcome).toBe('inconclusive');
    expect(findingOf('host', host({ sentinelLatenessP99Ms: null })).outcome).toBe('inconclusive');
  });
});

describe('recovery', () => {
  it('says its numbers in a sentence', () => {
    expect(findingOf('recovery.write', {}).message).toBe(
      'Write was back 4.2 s after the injection (± 10 ms); objective 30 s.',
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

  it('that never came fails with how long it was waited for', () => {
    const finding = findingOf(
      'recovery.write',
      write({ recovered: false, outageEndMs: null, serviceRestoredMs: null }),
    );
    expect(finding.outcome).toBe('fail');
    expect(finding.message).toBe(
      'Write had not recovered when the load ended 40 s after the injection; objective 30 s.',
    );
    expect(finding.evidence.actualMs).toBeNull();
  });

  it('that a run did not wait for is unknown, and broken once the objective was over', () => {
    const run = { ...good.run, status: 'interrupted', reason: 'Ctrl-C' } as const;
    const after = (observedMs: number) =>
      findingOf('recovery.write', { ...write({ recovered: false, serviceRestoredMs: null, observedMs }), run });
    expect(after(29_000).outcome).toBe('inconclusive');
    expect(after(31_000).outcome).toBe('fail');
  });

  it('of the shop is that of its service and of its speed', () => {
    expect(verdictOf({}).recovery[1]?.actualMs).toBe(5_100);
    const slow = shop({ recovered: false, performanceRestoredMs: null });
    expect(findingOf('recovery.shop', slow)).toMatchObject({
      outcome: 'fail',
      message: expect.stringContaining('its speed'),
    });
  });

  it('of speed alone is not judged on a host that was late, and of service is', () => {
    const host = { ...good.host, sentinelLatenessP99Ms: 50 };
    expect(
      findingOf('recovery.shop', { ...shop({ recovered: false, performanceRestoredMs: null }), host }).outcome,
    ).toBe('inconclusive');
    expect(findingOf('recovery.shop', { ...shop({ recovered: false, serviceRestoredMs: null }), host }).outcome).toBe(
      'fail',
    );
    expect(findingOf('recovery.write', { host }).outcome).toBe('pass');
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
    ['dropped iterations', { dropped: 1 }, 'inconclusive'],
  ])('with %s', (_, load, outcome) => {
    expect(findingOf('peak-reached', { load: { ...good.load, ...load } }).outcome).toBe(outcome);
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

describe('the error budget', () => {
  // 0.05 % of 30 days at 64 requests/s: 82,944 bad events.
  it.each([
    [20_736, 0.25, 'pass'],
    [20_738, 0.250024, 'fail'],
  ])('of which %d bad events burn %d', (bad, burnedRatio, outcome) => {
    expect(verdictOf({ events: { good: 1, bad } }).errorBudget).toMatchObject({ burnedRatio, outcome });
  });

  it('tells what the same outage would burn at the reference platform, and whether somebody would have been paged', () => {
    // Ten times the traffic of 640 requests/s, 9.375 times that of the baseline's budget: 600 against 64 requests/s.
    const { message, evidence } = findingOf('error-budget', { events: { good: 1, bad: 640 } });
    expect(evidence).toMatchObject({
      referencePeakRatePerSecond: 6_000,
      referenceBadEvents: 6_000,
      referenceBurnedRatio: 0.007716,
      wouldHavePaged: false,
      pagedAt: null,
      wouldHaveFiledTicket: true,
      ticketAt: new Date(at(41)).toISOString(),
      highestBurnRate: 7.2,
    });
    expect(message).toMatch("Burn-rate alerts would not have paged: at most 7.2 of 14.4 times the budget's rate.");
    const burnAlerts = good.burnAlerts?.map((alert) => ({ ...alert, firedAtMs: at(41) })) ?? null;
    expect(findingOf('error-budget', { burnAlerts }).message).toMatch('would have paged 11 s after the injection.');
    expect(findingOf('error-budget', { burnAlerts: null }).evidence.wouldHavePaged).toBeNull();
  });

  it('is unknown without events', () => {
    expect(verdictOf({ events: null }).errorBudget).toMatchObject({
      badEvents: null,
      burnedRatio: null,
      outcome: 'inconclusive',
    });
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
