import type { Facts, LatencyFact, WorstSecond } from '../model/facts.ts';
import type { Plan, PlannedSamples } from '../model/plan.ts';
import type { Finding, Outcome, Verdict } from '../model/verdict.ts';
import { minimumSamples } from './binomial.ts';
import { latencyDoubts, problemsAbout, unlessInDoubt } from './doubts.ts';
import { judgeShare } from './share-bounds.ts';
import { capitalised, counted, duration, nameOf, number, percent, round3, round3OrNull, whenIn } from './words.ts';

/** The promises are 99th percentiles: at most this share of calls may be bad. */
const badShare = 0.01;

/** Judges by counting: p99 < limit holds when less than 1 % of all calls failed or were slower than the limit, spells considered. */
export function judgeLatency(facts: Facts, plan: Plan): { rows: Verdict['latency']; findings: Finding[] } {
  const findings = plan.samples
    .filter(({ judged }) => judged)
    .map((planned) => unlessInDoubt(judgePhase(facts, plan, planned), doubtsOf(facts, planned)));
  const outcomes = new Map(findings.map(({ id, outcome }) => [id, outcome]));
  return { rows: facts.latency.map((fact) => rowOf(fact, outcomes.get(idOf(fact)) ?? null)), findings };
}

const doubtsOf = (facts: Facts, { phase }: PlannedSamples): string[] => [
  ...latencyDoubts(facts, phase),
  ...problemsAbout(facts, 'load', 'latency', 'host'),
];

const idOf = ({ path, phase }: Pick<LatencyFact, 'path' | 'phase'>): string => `latency.${path}.${phase}`;

const factOf = (facts: Facts, planned: PlannedSamples): LatencyFact | undefined =>
  facts.latency.find((fact) => fact.path === planned.path && fact.phase === planned.phase);

function judgePhase(facts: Facts, plan: Plan, planned: PlannedSamples): Finding {
  const fact = factOf(facts, planned);
  const count = fact?.count ?? 0;
  const bounds = fact === undefined || count === 0 ? null : judgeShare(fact, badShare);
  return {
    id: idOf(planned),
    title: capitalised(`${nameOf[planned.path]} latency ${whenIn(plan, planned.phase)}`),
    outcome: bounds?.outcome ?? 'inconclusive',
    message:
      fact === undefined || bounds === null
        ? nothingMeasured(plan, planned)
        : measured(plan, fact, bounds) + theWorst(facts, plan, fact, bounds.outcome),
    evidence: {
      count,
      bad: fact?.bad ?? null,
      failed: fact?.failed ?? null,
      limitMs: planned.limitMs,
      p99Ms: round3OrNull(fact?.p99Ms ?? null),
      designEffect: round3OrNull(fact?.spread.designEffect ?? null),
      independentCalls: bounds?.independentCalls ?? null,
      passesUpTo: bounds?.passesUpTo ?? null,
      failsFrom: bounds?.failsFrom ?? null,
    },
  };
}

const nothingMeasured = (plan: Plan, { path, phase, expected }: PlannedSamples): string =>
  `No ${nameOf[path]} call was measured ${whenIn(plan, phase)}; ${number(expected, 0)} were planned.`;

function measured(plan: Plan, fact: LatencyFact, bounds: ReturnType<typeof judgeShare>): string {
  const { path, phase, count, bad, limitMs, p99Ms } = fact;
  const counts = `${number(bad, 0)} of ${counted(count, 'call')} ${bad === 1 ? 'was' : 'were'} slower or failed`;
  const sentence = `${nameOf[path]} p99 ${whenIn(plan, phase)} is ${duration(p99Ms ?? 0)}${upperBound(fact, bounds)}, limit ${duration(limitMs)}: ${counts}`;
  if (bounds.outcome !== 'inconclusive') return `${sentence}.`;
  if (bad === 0) return `${sentence}, too few calls: at least ${minimumSamples(badShare)} are needed.`;
  const { passesUpTo, failsFrom, independentCalls } = bounds;
  const mostAllowed = passesUpTo === null ? '' : ` (at most ${number(passesUpTo, 0)})`;
  const tooFew = passesUpTo === null ? `, and ${minimumSamples(badShare)} are needed to pass` : '';
  return `${sentence}, which is neither a pass${mostAllowed} nor a fail (from ${number(failsFrom, 0)}): slow calls come in spells, so that these say as much as ${counted(independentCalls, 'independent call')}${tooFew}.`;
}

/** Where to look: the second that held most of the bad calls, when they are what keeps the finding from passing. */
function theWorst({ timeline }: Facts, plan: Plan, { bad, worstSecond }: LatencyFact, outcome: Outcome): string {
  if (outcome === 'pass' || worstSecond === null || bad < 2 || worstSecond.bad * 2 < bad) return '';
  const when = whenItWas(timeline.disturbedAtMs, plan, worstSecond.atMs);
  return ` ${number(worstSecond.bad, 0)} of them came within one second${when}${howTheHostWas(worstSecond)}.`;
}

function howTheHostWas({ busyRatio, stealRatio }: WorstSecond): string {
  if (busyRatio === null) return '';
  const stolen = stealRatio === null ? '' : `, ${percent(round3(stealRatio))} stolen by the hypervisor`;
  return `, with the CPU ${percent(round3(busyRatio))} busy${stolen}`;
}

function whenItWas(disturbedAtMs: number | null, plan: Plan, atMs: number): string {
  if (disturbedAtMs === null) return '';
  const sinceMs = atMs - disturbedAtMs;
  const what = plan.fault === null ? 'the peak began' : 'the injection';
  return `, ${number(Math.abs(sinceMs) / 1000)} s ${sinceMs < 0 ? 'before' : 'after'} ${what}`;
}

/** The bound of the p99 counts spells of all the slowest calls, the outcome those of bad ones: it may pass with a wider bound. */
function upperBound({ p99HighMs, limitMs }: LatencyFact, { outcome }: ReturnType<typeof judgeShare>): string {
  if (p99HighMs === null || (outcome === 'pass' && p99HighMs > limitMs)) return '';
  return ` (at most ${duration(p99HighMs)} at 95 %)`;
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
