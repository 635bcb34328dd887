import { describe, expect, it } from 'vitest';
import { apart, at, dropped, findingOf, good, inSpells, plan } from '../../tests/support/test-drill.ts';
import type { Facts, LatencyFact } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import { judge } from './judge.ts';

const latencyOf = (path: LatencyFact['path'], phase: LatencyFact['phase'], some: Partial<LatencyFact>) => ({
  latency: good.latency.map((fact) => (fact.path === path && fact.phase === phase ? { ...fact, ...some } : fact)),
});
const checkout = (some: Partial<LatencyFact>, facts: Partial<Facts> = {}): Finding =>
  findingOf('latency.checkout.peak', { ...latencyOf('checkout', 'peak', some), ...facts });
const baseline = (some: Partial<LatencyFact>): Finding =>
  findingOf('latency.api.baseline', latencyOf('api', 'baseline', some));

describe('latency', () => {
  it('says its numbers in a sentence', () => {
    expect(checkout({}).message).toBe(
      'checkout p99 at peak is 41.2 ms (at most 58 ms at 95 %), limit 200 ms: 0 of 512 calls were slower or failed.',
    );
  });

  it('of which a failed call holds the p99 has none, and names that of the others as theirs', () => {
    const failed = { failed: 20, p99Ms: 'failed', p99LowMs: 190, p99HighMs: 'failed' } as const;
    const others = { succeeded: { count: 492, p50Ms: 9, p99Ms: 42 } };
    expect(checkout({ ...apart(512, 20), ...failed, ...others })).toMatchObject({
      outcome: 'fail',
      message:
        'checkout p99 at peak is "failed" (p99 of those that succeeded: 42 ms), limit 200 ms: 20 of 512 calls were slower or failed.',
      evidence: { p99Ms: 'failed', failed: 20 },
    });
    const none = {
      ...failed,
      failed: 512,
      p50Ms: 'failed',
      succeeded: { count: 0, p50Ms: null, p99Ms: null },
    } as const;
    expect(checkout({ ...apart(512, 512), ...none }).message).toMatch('is "failed" (none succeeded), limit');
  });

  // For bad calls far from each other, the bounds are Clopper and Pearson's of the true share at 95 %.
  it.each([
    [1_000, 4, 'pass'],
    [1_000, 5, 'inconclusive'],
    [1_000, 15, 'inconclusive'],
    [1_000, 16, 'fail'],
    [298, 0, 'inconclusive'],
    [299, 0, 'pass'],
    [250, 200, 'fail'],
    [0, 0, 'inconclusive'],
  ])('of %d calls with %d bad ones, far apart: %s', (count, bad, outcome) => {
    expect(checkout(apart(count, bad)).outcome).toBe(outcome);
  });

  it.each<[number, number[], string]>([
    [12_000, Array<number>(10).fill(1), 'pass'],
    [12_000, Array<number>(20).fill(2), 'inconclusive'],
    [12_000, [40], 'inconclusive'],
    [12_000, Array<number>(20).fill(20), 'fail'],
    [12_000, [400], 'inconclusive'],
    [512, Array<number>(20).fill(25), 'fail'],
    [512, [512], 'fail'],
  ])('of %d calls in 20 s whose bad ones came in seconds of %j: %s', (count, badBySecond, outcome) => {
    expect(checkout(inSpells(count, badBySecond)).outcome).toBe(outcome);
  });

  it('that is inconclusive says between which shares the true one is', () => {
    expect(checkout(apart(1_000, 5)).message).toMatch(
      /5 of 1,000 calls were slower or failed, which decides nothing: slow calls come in spells, and the true share of such calls is 0\.2 % to 1\.05 % at 95 %, and less than 1 % is promised\./,
    );
  });

  it('says how many calls it lacks', () => {
    const { message } = checkout({ count: 120, p99HighMs: null });
    expect(message).toMatch('0 of 120 calls were slower or failed, too few calls: at least 299 are needed.');
  });

  it('is judged by the error of the look that it had', () => {
    expect(checkout({ ...apart(1_000, 4), error: 0.05 }).outcome).toBe('pass');
    expect(checkout({ ...apart(1_000, 4), error: 0.01 }).outcome).toBe('inconclusive');
    expect(checkout({ ...apart(1_000, 16), error: 0.01 }).outcome).toBe('inconclusive');
  });

  it('says which second kept it from passing, and how the CPU was', () => {
    const messageOf = (bad: number, worstSecond: LatencyFact['worstSecond']) =>
      checkout({ ...apart(512, bad), worstSecond }).message;
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

  it('of a path with two promises in a phase is judged once, by the tighter one', () => {
    const twice = [150, 100, 200].map((limitMs) => ({ path: 'api' as const, limitMs, phases: ['peak' as const] }));
    const { findings } = judge(good, { ...plan, objectives: { ...plan.objectives, latency: twice } });
    const latency = findings.filter(({ id }) => id.startsWith('latency.'));
    expect(latency.map(({ id, evidence }) => [id, evidence.limitMs])).toEqual([['latency.api.peak', 100]]);
  });
});

describe('latency of a phase that the plan has too few calls for', () => {
  it('is left open when it was not broken, says so, and does not count', () => {
    expect(baseline({})).toMatchObject({
      outcome: 'inconclusive',
      leftOpen: true,
      message: expect.stringMatching(/0 of 200 calls .*at least 299 are needed\. As planned: too few\.$/),
    });
    expect(judge(good, plan).outcome).toBe('pass');
  });

  it('is left open when none of a handful of calls came, and not when many are missing', () => {
    const handful = {
      ...plan,
      samples: plan.samples.map((one) => (one.phase === 'baseline' ? { ...one, expected: 9 } : one)),
    };
    const found = judge({ ...good, latency: [] }, handful).findings.find(({ id }) => id === 'latency.api.baseline');
    expect(found).toMatchObject({ outcome: 'inconclusive', leftOpen: true });
    for (const latency of [[], latencyOf('api', 'baseline', inSpells(0, [])).latency ?? []]) {
      const missing = findingOf('latency.api.baseline', { latency });
      expect(missing.outcome).toBe('inconclusive');
      expect(missing.leftOpen).toBeUndefined();
    }
  });

  it('fails all the same when it was broken, and the drill with it', () => {
    const all = { ...inSpells(19, [3, 3, 3, 3, 3, 4]), failed: 19 };
    expect(baseline(all).outcome).toBe('fail');
    expect(baseline(all).leftOpen).toBeUndefined();
    expect(judge({ ...good, ...latencyOf('api', 'baseline', all) }, plan).outcome).toBe('fail');
  });

  it('passes when there were calls enough after all', () => {
    expect(baseline(inSpells(600, []))).not.toHaveProperty('leftOpen');
    expect(baseline(inSpells(600, [])).outcome).toBe('pass');
  });
});

describe('a doubt about latency', () => {
  const generator = (some: object) => ({ load: { ...good.load, generator: { ...good.load.generator, ...some } } });
  const step = { host: { ...good.host, clockStepMs: 20 } };

  it.each<[string, Partial<Facts>, RegExp]>([
    ['k6 that failed', generator({ exitCode: 107 }), /exit code 107/],
    ['k6 that was killed', generator({ exitCode: null }), /no exit code/],
    ['a problem with the load', { problems: [{ about: 'load', message: 'a hole' }] }, /because a hole/],
    ['a problem with the host', { problems: [{ about: 'host', message: 'a nap' }] }, /because a nap/],
    ['a stepped clock', step, /clock was stepped by 20 ms/],
    ['no evidence of drops', { load: { ...good.load, dropped: null } }, /no evidence of what it sent/],
  ])('such as %s takes a pass away, and leaves a fail that it does not explain', (_, facts, words) => {
    expect(checkout({}, facts)).toMatchObject({ outcome: 'inconclusive', message: expect.stringMatching(words) });
    const bad = inSpells(512, Array<number>(20).fill(20));
    expect(checkout(bad, facts).outcome).toBe('fail');
    expect(judge({ ...good, ...facts, ...latencyOf('checkout', 'peak', bad) }, plan).latency[2]?.outcome).toBe('fail');
  });

  it('about the evidence as such leaves neither', () => {
    const problems: Facts['problems'] = [{ about: 'evidence', message: 'a checksum differs' }];
    for (const bad of [[], Array<number>(20).fill(20)])
      expect(checkout(inSpells(512, bad), { problems }).outcome).toBe('inconclusive');
  });

  it('counts each dropped iteration as ten calls, bad ones for a pass and good ones for a fail', () => {
    // Three iterations may hide thirty bad calls: many among 512, few among 60,000.
    expect(checkout(apart(512, 0), dropped).outcome).toBe('inconclusive');
    expect(checkout(apart(60_000, 0), dropped).outcome).toBe('pass');
    expect(checkout(apart(1_000, 16)).outcome).toBe('fail');
    expect(checkout(apart(1_000, 16), dropped).outcome).toBe('inconclusive');
    expect(checkout(apart(1_000, 300), dropped).outcome).toBe('fail');
  });

  it('counts each call that got no further than the machine of k6 as one', () => {
    const unsent = (count: number, phase: 'peak' | 'fault' | null = 'peak'): Partial<Facts> => ({
      load: { ...good.load, unsentInPhases: [{ phase, count }] },
    });
    expect(checkout(apart(512, 0), unsent(3)).outcome).toBe('inconclusive');
    expect(checkout(apart(512, 0), unsent(3, null)).outcome).toBe('inconclusive');
    expect(checkout(apart(512, 0), unsent(3, 'fault')).outcome).toBe('pass');
    expect(checkout(apart(1_000, 300), unsent(3)).outcome).toBe('fail');
  });

  it('about what was dropped in other phases is none', () => {
    const load = { ...good.load, dropped: 3, droppedInPhases: [{ phase: 'fault' as const, count: 3 }] };
    expect(checkout(apart(512, 0), { load }).outcome).toBe('pass');
  });

  it('about calls that a step of the clock may have moved here lasts as far as they explain a fail', () => {
    // 20 ms of 25.6 calls a second: one call.
    expect(checkout({ ...apart(1_000, 16), seconds: 20 }).outcome).toBe('fail');
    expect(checkout({ ...apart(1_000, 16), seconds: 20 }, step).outcome).toBe('inconclusive');
    expect(checkout({ ...apart(1_000, 20), seconds: 20 }, step).outcome).toBe('fail');
  });

  it('about seconds that the host robbed is one only when more than two thirds of the phase are, or fewer than 8 s left', () => {
    const robbed = (seconds: number, of = 30) => ({
      ...inSpells(512, []),
      seconds: of - seconds,
      robbed: { seconds, calls: 80, bad: 70, leftOut: true },
    });
    expect(checkout(robbed(20))).toMatchObject({
      outcome: 'pass',
      message: expect.stringMatching(/, 20 s left out of which the host robbed the instruments \(70 of 80 calls\)\.$/),
      evidence: { robbedSeconds: 20, robbedBad: 70 },
    });
    expect(checkout(robbed(21))).toMatchObject({
      outcome: 'inconclusive',
      message: expect.stringMatching('the host robbed the instruments of 21 of 30 s'),
    });
    expect(checkout(robbed(12, 20)).outcome).toBe('pass');
    expect(checkout(robbed(13, 20)).outcome).toBe('inconclusive');
    expect(checkout({ ...robbed(21), ...inSpells(512, Array<number>(9).fill(20)), seconds: 9 }).outcome).toBe('fail');
  });
});
