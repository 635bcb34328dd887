import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { clockDoubts, hostDoubts, passUnlessInDoubt, problemsAbout } from './doubts.ts';
import { duration, percent, round3OrNull, whenIn } from './words.ts';

/**
 * Whether the measuring side kept up in the phases whose latency is judged. CPU use and pressure are told, not judged:
 * thresholds.ts says why.
 */
export function judgeHost(facts: Facts, plan: Plan): Finding {
  const { host } = facts;
  const finding: Finding = {
    id: 'host',
    title: 'Host kept up',
    ...keptUp(facts, plan),
    evidence: {
      sentinelLatenessP99Ms: round3OrNull(host.sentinelLatenessP99Ms),
      stealRatio: round3OrNull(host.stealRatio),
      cpuPressureRatio: round3OrNull(host.cpuPressureRatio),
      busyRatio: round3OrNull(host.busyRatio),
      clockStepMs: round3OrNull(host.clockStepMs),
    },
  };
  return passUnlessInDoubt(finding, problemsAbout(facts, 'host'));
}

function keptUp(facts: Facts, plan: Plan): Pick<Finding, 'outcome' | 'message'> {
  const { sentinelLatenessP99Ms, busyRatio, cpuPressureRatio } = facts.host;
  const cpu = [
    ...(busyRatio === null ? [] : [`CPU ${percent(busyRatio)} busy`]),
    ...(cpuPressureRatio === null ? [] : [`tasks waited for a CPU ${percent(cpuPressureRatio)} of the time`]),
  ];
  if (sentinelLatenessP99Ms === null)
    return {
      outcome: 'inconclusive',
      message: 'Nothing shows that the host kept up: there are no probes to tell their lateness.',
    };
  const doubts = doubtsOf(facts, plan);
  if (doubts.length > 0)
    return {
      outcome: 'inconclusive',
      message: `The host could not keep up with measuring: ${[...doubts, ...cpu].join('; ')}.`,
    };
  const lateness = `99 % of the probes were sent at most ${duration(sentinelLatenessP99Ms)} late`;
  return { outcome: 'pass', message: `${[lateness, ...cpu].join('; ')}.` };
}

/** Of the phases whose latency is judged; of the whole run where nothing is known of these. */
function doubtsOf(facts: Facts, plan: Plan): string[] {
  const judged = new Set(plan.samples.filter((sample) => sample.judged).map(({ phase }) => phase));
  const known = facts.host.phases.filter(({ phase }) => judged.has(phase));
  if (known.length === 0) return hostDoubts(facts);
  const clock = clockDoubts(facts);
  const ofPhases = known.flatMap(({ phase }) =>
    hostDoubts(facts, phase)
      .filter((doubt) => !clock.includes(doubt))
      .map((doubt) => `${whenIn(plan, phase)}, ${doubt}`),
  );
  return [...ofPhases, ...clock];
}
