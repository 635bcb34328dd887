import type { Facts, LatencyFact, Percentile, WorstSecond } from '../model/facts.ts';
import type { Phase } from '../model/objectives.ts';
import { allowedBadShare, type Plan, type PlannedSamples } from '../model/plan.ts';
import { type LatencyPath, latencyPaths } from '../model/profile.ts';
import type { Finding, Outcome } from '../model/verdict.ts';
import { fewestToPass, type ShareBounds, shareBounds } from '../statistics/share.ts';
import type { Checker } from './checker.ts';
import {
  clockDoubts,
  evidenceDoubts,
  generatorEndDoubts,
  missingCalls,
  movedByClock,
  passUnlessInDoubt,
  problemsAbout,
  unlessInDoubt,
} from './doubts.ts';
import { contradictionDoubts } from './judge-instruments.ts';
import { isRobbedTooMuch } from './thresholds.ts';
import { capitalised, counted, duration, nameOf, number, percent, round3, whenIn } from './words.ts';

/** With this many planned calls, a phase that has none lacks its evidence. */
const fewestToMiss = 10;

/** A promise of a path in a phase. */
interface Promised {
  path: LatencyPath;
  phase: Phase;
  limitMs: number;
}

/** Judges by counting: p99 < limit holds when less than 1 % of all calls failed or were slower than the limit, spells considered. */
export const latency: Checker = {
  id: 'latency',
  title: 'Latency',
  restsOnTime: true,
  findings: (plan) => promisedIn(plan).map(latencyId),
  promises: (plan) =>
    promisedIn(plan).map(
      ({ path, phase, limitMs }) =>
        `${nameOf[path]} p99 < ${duration(limitMs)} ${whenIn(plan, phase)}: ${plannedOf(plan, { path, phase })?.reason ?? 'judged'}`,
    ),
  judge: (facts, plan) => promisedIn(plan).map((promised) => judgePhase(facts, plan, promised)),
};

export const latencyId = ({ path, phase }: Pick<Promised, 'path' | 'phase'>): string => `latency.${path}.${phase}`;

/** Every path in every phase that a promise names, once, with its tightest limit. */
function promisedIn({ objectives }: Plan): Promised[] {
  const all = objectives.latency.flatMap(({ path, limitMs, phases }) =>
    phases.map((phase) => ({ path, phase, limitMs })),
  );
  const tightest = [...Map.groupBy(all, latencyId).values()].map((same) =>
    same.reduce((least, one) => (one.limitMs < least.limitMs ? one : least)),
  );
  return tightest.toSorted((a, b) => latencyPaths.indexOf(a.path) - latencyPaths.indexOf(b.path));
}

const plannedOf = (plan: Plan, { path, phase }: Pick<Promised, 'path' | 'phase'>): PlannedSamples | undefined =>
  plan.samples.find((sample) => sample.path === path && sample.phase === phase);

function judgePhase(facts: Facts, plan: Plan, promised: Promised): Finding {
  const fact = facts.latency.find(({ path, phase }) => path === promised.path && phase === promised.phase);
  const planned = plannedOf(plan, promised);
  const base = {
    id: latencyId(promised),
    title: capitalised(`${nameOf[promised.path]} latency ${whenIn(plan, promised.phase)}`),
  };
  // Few calls were planned, but enough that none at all is no chance.
  const isMissing =
    (fact === undefined || fact.count + fact.robbed.calls === 0) && (planned?.expected ?? 0) >= fewestToMiss;
  const leftOpen = (finding: Finding): Finding =>
    planned?.judged === false && finding.outcome === 'inconclusive' && !isMissing
      ? { ...finding, leftOpen: true, message: `${finding.message} As planned: ${planned.reason}.` }
      : finding;
  if (fact === undefined || fact.count === 0)
    return leftOpen({
      ...base,
      outcome: 'inconclusive',
      message: nothingMeasured(facts, plan, promised, fact),
      evidence: { count: 0, limitMs: promised.limitMs },
    });
  const bounds = boundsOf(facts, fact);
  const outcome = bounds.low > allowedBadShare ? 'fail' : bounds.high < allowedBadShare ? 'pass' : 'inconclusive';
  const finding: Finding = {
    ...base,
    outcome,
    message: measured(plan, fact, bounds, outcome) + theWorst(facts, plan, fact, outcome),
    evidence: {
      count: fact.count,
      bad: fact.bad,
      failed: fact.failed,
      limitMs: promised.limitMs,
      p99Ms: rounded(fact.p99Ms),
      badRatioLow: round6(bounds.low),
      badRatioHigh: round6(bounds.high),
      error: fact.error,
      lateBad: fact.lateBad,
      robbedSeconds: round3(fact.robbed.seconds),
      robbedBad: fact.robbed.bad,
      robbedLeftOut: fact.robbed.leftOut,
    },
  };
  return leftOpen(unlessInDoubt(passUnlessInDoubt(finding, passDoubts(facts, fact)), evidenceDoubts(facts)));
}

const round6 = (value: number): number => Math.round(value * 1e6) / 1e6;
const rounded = (value: Percentile): number | string | null => (typeof value === 'number' ? round3(value) : value);

/**
 * What k6 did not send may have been bad or good; what was slow while k6 was late may be k6's own wait, and what a step
 * of the clock moved here may be another phase's.
 */
function boundsOf(facts: Facts, { count, badBySecond, seconds, phase, error, lateBad }: LatencyFact): ShareBounds {
  const doubt = {
    missing: missingCalls(facts, [phase]) ?? 0,
    explained: lateBad + movedByClock(facts, seconds > 0 ? count / seconds : count),
  };
  return shareBounds({ count, badBySecond, seconds }, error, doubt);
}

/** What may have hidden an unknown number of bad calls. */
function passDoubts(facts: Facts, { path, phase, seconds, robbed }: LatencyFact): string[] {
  const length = seconds + (robbed.leftOut ? robbed.seconds : 0);
  return [
    ...(missingCalls(facts, [phase]) === null ? ['k6 left no evidence of what it sent'] : []),
    ...generatorEndDoubts(facts),
    ...clockDoubts(facts),
    ...contradictionDoubts(facts, path === 'api' ? 'read' : 'write'),
    ...problemsAbout(facts, 'load', 'latency', 'host'),
    ...(robbed.leftOut && isRobbedTooMuch({ seconds: length, robbedSeconds: robbed.seconds })
      ? [`the host robbed the instruments of ${number(robbed.seconds)} of ${number(length)} s`]
      : []),
  ];
}

function nothingMeasured(facts: Facts, plan: Plan, { path, phase }: Promised, fact: LatencyFact | undefined): string {
  const planned = plannedOf(plan, { path, phase })?.expected;
  const of = planned === undefined ? '' : `; ${number(planned, 0)} were planned`;
  const robbed = fact?.robbed.calls
    ? `, apart from ${number(fact.robbed.calls, 0)} in seconds of which the host robbed the instruments`
    : '';
  const why = problemsAbout(facts, 'load', 'latency').join('; ');
  return `No ${nameOf[path]} call was measured ${whenIn(plan, phase)}${robbed}${of}${why === '' ? '' : ` (${why})`}.`;
}

function measured(plan: Plan, fact: LatencyFact, bounds: ShareBounds, outcome: Outcome): string {
  const { path, phase, count, bad, limitMs } = fact;
  const counts = `${number(bad, 0)} of ${counted(count, 'call')} ${bad === 1 ? 'was' : 'were'} slower or failed`;
  const sentence = `${nameOf[path]} p99 ${whenIn(plan, phase)} is ${inWords(fact)}, limit ${duration(limitMs)}: ${counts}${leftOut(fact)}`;
  if (outcome !== 'inconclusive') return `${sentence}.`;
  const confidence = percent(1 - fact.error);
  const share = `the true share of such calls is ${percent(round6(bounds.low))} to ${percent(round6(bounds.high))} at ${confidence}, and less than ${percent(allowedBadShare)} is promised`;
  const fewest = fewestToPass(allowedBadShare, fact.error, 0, Math.max(1, count / Math.max(1, fact.seconds)));
  return bad === 0 && count < fewest
    ? `${sentence}, too few calls: at least ${number(fewest, 0)} are needed.`
    : `${sentence}, which decides nothing: slow calls come in spells, and ${share}.`;
}

/** A percentile that falls on a failed call has no time; what the successful ones took is named as theirs. */
function inWords({ p99Ms, p99HighMs, error, succeeded }: LatencyFact): string {
  if (p99Ms === 'failed') {
    const others =
      succeeded.p99Ms === null ? 'none succeeded' : `p99 of those that succeeded: ${duration(succeeded.p99Ms)}`;
    return `"failed" (${others})`;
  }
  const atMost = typeof p99HighMs === 'number' ? ` (at most ${duration(p99HighMs)} at ${percent(1 - error)})` : '';
  return `${duration(p99Ms ?? 0)}${atMost}`;
}

const leftOut = ({ robbed }: LatencyFact): string =>
  !robbed.leftOut
    ? ''
    : `, ${number(robbed.seconds)} s left out of which the host robbed the instruments (${number(robbed.bad, 0)} of ${counted(robbed.calls, 'call')})`;

/** Where to look: the second that held most of the bad calls, if they keep the finding from passing. */
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
