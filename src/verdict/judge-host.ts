import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import { hostDoubts, passUnlessInDoubt, problemsAbout } from './doubts.ts';
import { duration, percent, round3OrNull } from './words.ts';

/** Whether the measuring side kept up. CPU use and pressure are told, not judged: thresholds.ts says why. */
export function judgeHost(facts: Facts): Finding {
  const { host } = facts;
  const finding: Finding = {
    id: 'host',
    title: 'Host kept up',
    ...keptUp(facts),
    evidence: {
      sentinelLatenessP99Ms: round3OrNull(host.sentinelLatenessP99Ms),
      stealRatio: round3OrNull(host.stealRatio),
      cpuPressureRatio: round3OrNull(host.cpuPressureRatio),
      busyRatio: round3OrNull(host.busyRatio),
    },
  };
  return passUnlessInDoubt(finding, problemsAbout(facts, 'host'));
}

function keptUp(facts: Facts): Pick<Finding, 'outcome' | 'message'> {
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
  const doubts = hostDoubts(facts);
  if (doubts.length > 0)
    return {
      outcome: 'inconclusive',
      message: `The host could not keep up with measuring: ${[...doubts, ...cpu].join('; ')}.`,
    };
  const lateness = `99 % of the probes were sent at most ${duration(sentinelLatenessP99Ms)} late`;
  return { outcome: 'pass', message: `${[lateness, ...cpu].join('; ')}.` };
}
