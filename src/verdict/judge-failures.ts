import type { CallsFact, Facts } from '../model/facts.ts';
import type { Objectives, Phase } from '../model/objectives.ts';
import { type Plan, recoveredAfterMs } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import {
  evidenceDoubts,
  failUnlessInDoubt,
  faultDoubts,
  generatorEndDoubts,
  missingCalls,
  movedByClock,
  passUnlessInDoubt,
  problemsAbout,
  unlessInDoubt,
} from './doubts.ts';
import { contradictionDoubts } from './judge-instruments.ts';
import { counted, number, percent, whenIn } from './words.ts';

type Objective = NonNullable<Objectives['failures']>[number];

/**
 * Whether few enough calls of a phase failed. All its calls are known, and failures of an outage come together, so this is
 * a count against a share, not an estimate with bounds as for latency. What is in doubt is counted on both sides: a pass
 * stands if it is one with everything counted against the shop, a fail if it is one with everything counted for it.
 */
export const failures: Checker = {
  id: 'failures',
  title: 'Failed calls',
  restsOnTime: true,
  findings: (plan) => promisedIn(plan).map(idOf),
  promises: (plan) =>
    promisedIn(plan).map(
      ({ calls, phase, maxFailedRatio }) =>
        `at most ${percent(maxFailedRatio)} of ${calls === 'all' ? 'all calls' : 'the reads'} fail ${whenIn(plan, phase)}` +
        (neverBegins(plan, phase) ? ': left open, the load ends before that' : ''),
    ),
  judge: (facts, plan) =>
    promisedIn(plan).map((promised) => {
      const finding = judgePhase(facts, plan, promised);
      return unlessInDoubt(finding, evidenceDoubts(facts));
    }),
};

type Promised = Omit<Objective, 'phases'> & { phase: Phase };

const promisedIn = ({ objectives }: Plan): Promised[] =>
  (objectives.failures ?? []).flatMap(({ phases, ...rest }) => phases.map((phase) => ({ ...rest, phase })));

const idOf = ({ calls, phase }: Promised): string => `failures.${calls}.${phase}`;

function judgePhase(facts: Facts, plan: Plan, promised: Promised): Finding {
  const { calls, phase, maxFailedRatio } = promised;
  const fact = facts.calls.find((one) => one.calls === calls && one.phase === phase);
  const count = fact?.count ?? 0;
  const finding: Finding = {
    id: idOf(promised),
    title: `Failed ${calls === 'reads' ? 'reads' : 'calls'} ${whenIn(plan, phase)}`,
    ...outcomeOf(fact, whenIn(plan, phase), maxFailedRatio),
    evidence: {
      count,
      failed: fact?.failed ?? null,
      failedRatio: fact === undefined || count === 0 ? null : Math.round((fact.failed / count) * 1e6) / 1e6,
      maxFailedRatio,
      robbedFailed: fact?.robbedFailed ?? null,
    },
  };
  if (count === 0 && neverBegins(plan, phase))
    return { ...finding, leftOpen: true, message: `${finding.message} As planned: the load ends before that.` };
  if (fact === undefined) return finding;
  return failUnlessInDoubt(
    passUnlessInDoubt(finding, passDoubts(facts, plan, promised, fact)),
    failDoubts(facts, promised, fact),
  );
}

/** The load of this plan ends before the shop has promised to be well again. */
const neverBegins = (plan: Plan, phase: Phase): boolean =>
  plan.fault !== null && phase === 'recovered' && recoveredAfterMs(plan) >= plan.profile.afterFaultMs;

/** What may have hidden failures, unless there would be few enough even with all of it counted as failed. */
function passDoubts(
  facts: Facts,
  plan: Plan,
  { phase, maxFailedRatio }: Promised,
  { count, failed }: CallsFact,
): string[] {
  const missing = missingCalls(facts, [phase]);
  const doubts = [
    ...(phase === 'fault' ? faultDoubts(facts, plan) : []),
    ...generatorEndDoubts(facts),
    ...contradictionDoubts(facts, 'read', 'write'),
    ...problemsAbout(facts, 'load'),
  ];
  if (missing === null) doubts.push('k6 left no evidence of what it sent');
  else if ((failed + missing) / (count + missing) > maxFailedRatio)
    doubts.push(`k6 left out up to ${counted(missing, 'call')}, for want of a free virtual user`);
  return doubts;
}

/** What may have made calls fail or appear here, unless there would be too many failures even without it. */
function failDoubts(
  facts: Facts,
  { phase, maxFailedRatio }: Promised,
  { count, failed, robbedFailed }: CallsFact,
): string[] {
  const missing = missingCalls(facts, [phase]) ?? 0;
  const moved = movedByClock(facts, facts.load.peakRatePerSecond ?? 0);
  if ((failed - robbedFailed - moved) / (count + missing) > maxFailedRatio) return [];
  return [
    ...(robbedFailed > 0
      ? [`${number(robbedFailed, 0)} of them came in seconds of which the host robbed the instruments`]
      : []),
    ...(missing > 0 ? [`k6 left out up to ${counted(missing, 'call')}`] : []),
    ...(moved > 0 ? ["the system's clock was stepped"] : []),
  ];
}

function outcomeOf(
  fact: CallsFact | undefined,
  when: string,
  maxFailedRatio: number,
): Pick<Finding, 'outcome' | 'message'> {
  const allowed = maxFailedRatio === 0 ? 'none may' : `at most ${percent(maxFailedRatio)} may`;
  if (fact === undefined || fact.count === 0)
    return {
      outcome: 'inconclusive',
      message: `No call was measured ${when}, so it is unknown how many fail; ${allowed}.`,
    };
  const { calls, count, failed } = fact;
  const share = failed === 0 ? '' : ` (${percent(failed / count)})`;
  const seen = `${number(failed, 0)} of ${counted(count, calls === 'reads' ? 'read' : 'call')} failed ${when}${share}; ${allowed}`;
  if (failed / count <= maxFailedRatio) return { outcome: 'pass', message: `${seen}.` };
  // A share is allowed, but it is less than one call of so few: a single failure exceeds it, and is no share yet.
  if (maxFailedRatio > 0 && failed === 1)
    return {
      outcome: 'inconclusive',
      message: `${seen}, and a single call exceeds that among fewer than ${number(Math.ceil(1 / maxFailedRatio), 0)}.`,
    };
  return { outcome: 'fail', message: `${seen}.` };
}
