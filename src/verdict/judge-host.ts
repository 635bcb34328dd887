import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { clockDoubts, fullHostDoubts, passUnlessInDoubt, problemsAbout } from './doubts.ts';
import { isRobbedTooMuch } from './thresholds.ts';
import { duration, number, percent, round3OrNull, whenIn } from './words.ts';

/**
 * Whether the host left the instruments what they need in the phases whose latency is judged. How busy it is is reported, not
 * judged: with no CPU to spare, findings that time decides do not fail (`restsOnTime`).
 */
export const host: Checker = {
  id: 'host',
  title: 'Host kept up',
  findings: () => ['host'],
  promises: () => [],
  judge: (facts, plan) => [judgeHost(facts, plan)],
};

function judgeHost(facts: Facts, plan: Plan): Finding {
  const { host } = facts;
  const finding: Finding = {
    id: 'host',
    title: 'Host kept up',
    ...keptUp(facts, plan),
    evidence: {
      robbedSeconds: host.robbed.length,
      sentinelLatenessP99Ms: round3OrNull(host.sentinelLatenessP99Ms),
      stealRatio: round3OrNull(host.stealRatio),
      neighbourRatio: round3OrNull(host.neighbourRatio),
      cpuPressureRatio: round3OrNull(host.cpuPressureRatio),
      busyRatio: round3OrNull(host.busyRatio),
      clockStepMs: round3OrNull(host.clockStepMs),
    },
  };
  return passUnlessInDoubt(finding, problemsAbout(facts, 'host'));
}

function keptUp(facts: Facts, plan: Plan): Pick<Finding, 'outcome' | 'message'> {
  const { sentinelLatenessP99Ms, busyRatio, cpuPressureRatio, neighbourRatio, robbed } = facts.host;
  const cpu = [
    ...(robbed.length > 0 ? [`the instruments were robbed of ${robbed.length} s in all`] : []),
    ...(busyRatio === null ? [] : [`CPU ${percent(busyRatio)} busy`]),
    ...(neighbourRatio === null ? [] : [`other programs took ${percent(neighbourRatio)}`]),
    ...(cpuPressureRatio === null ? [] : [`tasks waited for a CPU ${percent(cpuPressureRatio)} of the time`]),
  ];
  if (sentinelLatenessP99Ms === null)
    return {
      outcome: 'inconclusive',
      message: 'It is unknown whether the host kept up: there are no probes whose lateness would tell.',
    };
  const doubts = [...robbedPhases(facts, plan), ...clockDoubts(facts)];
  if (doubts.length > 0)
    return {
      outcome: 'inconclusive',
      message: `The host could not keep up: ${[...doubts, ...cpu].join('; ')}.`,
    };
  const lateness = `99 % of the probes were sent at most ${duration(sentinelLatenessP99Ms)} late`;
  // What it made worse says so itself, and the rest passed anyway.
  return { outcome: 'pass', message: `${[lateness, ...cpu, ...fullHostDoubts(facts)].join('; ')}.` };
}

/**
 * Phases of which too much was robbed to judge latency by the rest, and whose calls all together do not keep the
 * promise, in words.
 */
function robbedPhases({ host, latency }: Facts, plan: Plan): string[] {
  const judged = new Set(plan.samples.filter((sample) => sample.judged).map(({ phase }) => phase));
  return host.phases.flatMap(({ phase, robbedSeconds, seconds }) =>
    judged.has(phase) &&
    isRobbedTooMuch({ seconds, robbedSeconds }) &&
    latency.some((fact) => fact.phase === phase && fact.robbed.leftOut)
      ? [`${whenIn(plan, phase)}, the instruments were robbed of ${number(robbedSeconds)} of ${number(seconds)} s`]
      : [],
  );
}
