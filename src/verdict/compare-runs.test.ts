import { describe, expect, it } from 'vitest';
import { apart, budget, good, inSpells, orders, plan, recovery } from '../../tests/support/test-drill.ts';
import type { Facts, LatencyFact } from '../model/facts.ts';
import { differenceOfShares } from './compare-latency.ts';
import { compareRuns, type JudgedRun } from './compare-runs.ts';
import { judge } from './judge.ts';

const run = (some: Partial<Facts> = {}, changed = plan): JudgedRun => {
  const facts = { ...good, ...some };
  return { facts, plan: changed, verdict: judge(facts, changed) };
};
const rowOf = (a: JudgedRun, b: JudgedRun, what: string) => compareRuns(a, b).rows.find((row) => row.what === what);
const latency = (some: Partial<LatencyFact>): Partial<Facts> => ({
  latency: good.latency.map((fact) => (fact.path === 'api' && fact.phase === 'peak' ? { ...fact, ...some } : fact)),
});

describe('two runs', () => {
  it('that are the same show no difference', () => {
    const { rows, alsoDiffers, incomparable } = compareRuns(run(), run());
    expect(rows.every(({ difference }) => difference === 'none shown')).toBe(true);
    expect([alsoDiffers, incomparable]).toEqual([[], []]);
  });

  it('of another drill or profile, or of other traffic by the same name, are not compared', () => {
    const other = { ...plan, profile: { ...plan.profile, name: 'long' } };
    const drill = { run: { ...good.run, drill: 'node-loss' } };
    expect(compareRuns(run(), run(drill, other))).toMatchObject({
      rows: [],
      incomparable: ['another drill: aurora-failover and node-loss', 'another profile: quick and long'],
    });
    const denser = { ...plan, profile: { ...plan.profile, baselineRatePerSecond: 65 } };
    expect(compareRuns(run(), run({}, denser)).incomparable).toEqual([expect.stringMatching('other traffic')]);
  });

  it('tell what else differs: what was taken away, versions, the host', () => {
    const environment = {
      ...good.run.environment,
      versions: { ...good.run.environment.versions, k6: '3' },
      fingerprint: 'g',
    };
    const other = run({ run: { ...good.run, environment } }, { ...plan, without: ['quorum-commit'] });
    expect(compareRuns(run(), other).alsoDiffers).toEqual([
      'protections taken away: none and quorum-commit',
      'k6: unknown and 3',
    ]);
    const strange = { ...good.run, environment: { ...good.run.environment, fingerprint: 'g' } };
    expect(compareRuns(run(), run({ run: strange })).alsoDiffers).toHaveLength(1);
  });

  it('recover apart when that is more than both uncertainties together', () => {
    const back = (ms: number) => run({ recovery: [recovery('write', { serviceRestoredMs: ms, uncertaintyMs: 40 })] });
    expect(rowOf(back(4_200), back(4_280), 'Write recovery')).toMatchObject({ difference: 'none shown' });
    expect(rowOf(back(4_200), back(4_281), 'Write recovery')).toMatchObject({ difference: 'real' });
    const never = run({ recovery: [recovery('write', { recovered: false, serviceRestoredMs: null })] });
    expect(rowOf(back(4_200), never, 'Write recovery')).toMatchObject({
      difference: 'real',
      values: ['4.2 s ± 40 ms', 'not within 40 s'],
    });
    expect(rowOf(never, never, 'Write recovery')).toMatchObject({ difference: 'unknown' });
  });

  it('differ in latency when the shares of bad calls do, spells considered', () => {
    const few = run(latency(inSpells(13_000, [10, 10, 10, 10])));
    const many = run(latency(inSpells(13_000, Array<number>(20).fill(75))));
    const oneSpell = run(latency(inSpells(13_000, [400])));
    expect(rowOf(few, many, 'API p99 at peak')).toMatchObject({ difference: 'real' });
    expect(rowOf(few, oneSpell, 'API p99 at peak')).toMatchObject({ difference: 'none shown' });
    expect(rowOf(few, run(latency({ limitMs: 50 })), 'API p99 at peak')).toMatchObject({ difference: 'unknown' });
    const killed = { ...good.load, generator: { ...good.load.generator, exitCode: null } };
    const doubted = run({ ...latency(inSpells(13_000, Array<number>(20).fill(75))), load: killed });
    expect(rowOf(few, doubted, 'API p99 at peak')).toMatchObject({ difference: 'unknown' });
  });

  it('differ in latency when both p99 lie apart, though no call was bad', () => {
    const fast = run(latency({ ...inSpells(12_000, []), p99LowMs: 10, p99HighMs: 14 }));
    const slow = run(latency({ ...inSpells(12_000, []), p99LowMs: 30, p99HighMs: null }));
    expect(rowOf(fast, slow, 'API p99 at peak')).toMatchObject({ difference: 'real' });
    expect(rowOf(slow, fast, 'API p99 at peak')).toMatchObject({ difference: 'real' });
    const failing = run(latency({ ...inSpells(12_000, []), p99Ms: 'failed', p99LowMs: 'failed', p99HighMs: 'failed' }));
    const row = rowOf(slow, failing, 'API p99 at peak');
    expect(row?.values[1]).toMatch(/^failed, /);
    expect(rowOf(failing, failing, 'API p99 at peak')).toMatchObject({ difference: 'none shown' });
    expect(rowOf(fast, failing, 'API p99 at peak')).toMatchObject({ difference: 'real' });
  });

  it('differ by what each promise burned of its own error budget', () => {
    const burned = run({ budgets: [budget('api', { bad: 900 }), budget('checkout')] });
    expect(rowOf(run(), burned, 'API error budget burned')).toMatchObject({ difference: 'real' });
    expect(rowOf(run(), burned, 'Checkout error budget burned')).toMatchObject({ difference: 'none shown' });
    expect(rowOf(run(), run({ budgets: null }), 'API error budget burned')).toMatchObject({ difference: 'unknown' });
  });

  it('differ by every lost order, and by findings that turned', () => {
    const lossy = run({ orders: { ...orders, lost: 1 } });
    expect(rowOf(run(), lossy, 'Lost orders')).toMatchObject({ difference: 'real' });
    expect(compareRuns(run(), lossy).rows.find(({ what }) => what.startsWith('Finding:'))).toMatchObject({
      values: ['pass', 'fail'],
      difference: 'real',
    });
  });
});

it('the interval of a difference is that of Newcombe (1998, table II, 56/70 and 48/80 by method 10)', () => {
  const of = (bad: number, count: number): LatencyFact => ({
    ...(good.latency[0] as LatencyFact),
    ...apart(count, bad),
  });
  const [low, high] = differenceOfShares(of(48, 80), of(56, 70));
  expect(low).toBeCloseTo(0.0524, 4);
  expect(high).toBeCloseTo(0.3339, 4);
});
