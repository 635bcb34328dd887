import type { Facts, LatencyFact } from '../model/facts.ts';
import type { Plan, PlannedSamples } from '../model/plan.ts';
import type { Finding, Outcome, Verdict } from '../model/verdict.ts';
import { failLimit, minimumSamples, passLimit } from './binomial.ts';
import { generatorDoubts, hostDoubts, problemsAbout, unlessInDoubt } from './doubts.ts';
import { capitalised, counted, duration, nameOf, number, round3, round3OrNull, whenIn } from './words.ts';

/** The promises are 99th percentiles: at most this share of calls may be bad. */
const badShare = 0.01;

/** Judges by counting: p99 < limit holds when less than 1 % of all calls failed or were slower than the limit. */
export function judgeLatency(facts: Facts, plan: Plan): { rows: Verdict['latency']; findings: Finding[] } {
  const doubts = [...generatorDoubts(facts), ...hostDoubts(facts), ...problemsAbout(facts, 'load', 'latency', 'host')];
  const findings = plan.samples
    .filter(({ judged }) => judged)
    .map((planned) => unlessInDoubt(judgePhase(plan, planned, factOf(facts, planned)), doubts));
  const outcomes = new Map(findings.map(({ id, outcome }) => [id, outcome]));
  return { rows: facts.latency.map((fact) => rowOf(fact, outcomes.get(idOf(fact)) ?? null)), findings };
}

const idOf = ({ path, phase }: Pick<LatencyFact, 'path' | 'phase'>): string => `latency.${path}.${phase}`;

const factOf = (facts: Facts, planned: PlannedSamples): LatencyFact | undefined =>
  facts.latency.find((fact) => fact.path === planned.path && fact.phase === planned.phase);

function judgePhase(plan: Plan, planned: PlannedSamples, fact: LatencyFact | undefined): Finding {
  const count = fact?.count ?? 0;
  const limits = { pass: passLimit(count, badShare), fail: failLimit(count, badShare) };
  return {
    id: idOf(planned),
    title: capitalised(`${nameOf[planned.path]} latency ${whenIn(plan, planned.phase)}`),
    outcome: fact === undefined ? 'inconclusive' : outcomeOf(fact.bad, limits),
    message: fact === undefined || count === 0 ? nothingMeasured(plan, planned) : measured(plan, fact, limits),
    evidence: {
      count,
      bad: fact?.bad ?? null,
      failed: fact?.failed ?? null,
      limitMs: planned.limitMs,
      p99Ms: round3OrNull(fact?.p99Ms ?? null),
      passesUpTo: limits.pass,
      failsFrom: limits.fail,
    },
  };
}

function outcomeOf(bad: number, limits: { pass: number | null; fail: number }): Outcome {
  if (bad >= limits.fail) return 'fail';
  return limits.pass !== null && bad <= limits.pass ? 'pass' : 'inconclusive';
}

const nothingMeasured = (plan: Plan, { path, phase, expected }: PlannedSamples): string =>
  `No ${nameOf[path]} call was measured ${whenIn(plan, phase)}; ${number(expected, 0)} were planned.`;

function measured(plan: Plan, fact: LatencyFact, limits: { pass: number | null; fail: number }): string {
  const { path, phase, count, bad, limitMs, p99Ms, p99HighMs } = fact;
  const bound = p99HighMs === null ? '' : ` (at most ${duration(p99HighMs)} at 95 %)`;
  const counts = `${number(bad, 0)} of ${counted(count, 'call')} ${bad === 1 ? 'was' : 'were'} slower or failed`;
  const sentence = `${nameOf[path]} p99 ${whenIn(plan, phase)} is ${duration(p99Ms ?? 0)}${bound}, limit ${duration(limitMs)}: ${counts}`;
  if (outcomeOf(bad, limits) !== 'inconclusive') return `${sentence}.`;
  if (limits.pass === null) return `${sentence}, too few calls: at least ${minimumSamples(badShare)} are needed.`;
  return `${sentence}, which is neither a pass (at most ${limits.pass}) nor a fail (from ${limits.fail}).`;
}

function rowOf(fact: LatencyFact, outcome: Outcome | null): Verdict['latency'][number] {
  const { path, phase, count, bad, limitMs } = fact;
  return {
    path,
    phase,
    count,
    bad,
    limitMs: round3(limitMs),
    p50Ms: round3OrNull(fact.p50Ms),
    p95Ms: round3OrNull(fact.p95Ms),
    p99Ms: round3OrNull(fact.p99Ms),
    p999Ms: round3OrNull(fact.p999Ms),
    p99LowMs: round3OrNull(fact.p99LowMs),
    p99HighMs: round3OrNull(fact.p99HighMs),
    outcome,
  };
}
