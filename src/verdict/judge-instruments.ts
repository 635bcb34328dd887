import type { AgreementFact, Facts, LoadPodFact, SentinelFact } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { lostPods, sentinelDoubts, strayClocks, straySentinel } from './doubts.ts';
import { thresholds } from './thresholds.ts';
import { capitalised, counted, duration, iso, percent } from './words.ts';

/**
 * Whether k6 and the sentinel report the same about the same requests: where they do not, one of them did not reach the shop. And of
 * those in pods, whether all of them were there, by the same clock.
 */
export const instruments: Checker = {
  id: 'instruments',
  title: 'Instruments agree',
  findings: () => [],
  promises: () => [],
  judge: (facts) => [
    ...facts.agreement.flatMap((fact) => judgePath(fact)),
    ...judgePods(facts),
    ...judgeSentinel(facts),
    ...judgeClocks(facts),
  ],
};

function judgePods(facts: Facts): Finding[] {
  const lost = lostPods(facts);
  if (lost.length === 0) return [];
  const owed = (pod: LoadPodFact) => pod.owed.reduce((sum, { count }) => sum + count, 0);
  const words = lost.map((one) => {
    const since = one.lastSampleMs === null ? 'It left no sample' : `Its last sample is of ${iso(one.lastSampleMs)}`;
    return `${one.pod} on node ${one.node} was lost (${one.because}). ${since}; up to ${counted(owed(one), 'iteration')} of its share count as dropped.`;
  });
  return [
    {
      id: 'instruments.load',
      title: 'All of the load was there',
      outcome: 'inconclusive',
      message: words.join(' '),
      evidence: {
        lostPods: lost.length,
        pods: facts.load.pods?.length ?? 0,
        owedIterations: lost.reduce((sum, one) => sum + owed(one), 0),
      },
    },
  ];
}

function judgeSentinel(facts: Facts): Finding[] {
  const [words] = sentinelDoubts(facts);
  const { sentinel } = facts;
  if (words === undefined || sentinel === undefined) return [];
  const since =
    sentinel.lastSentMs === null ? 'No probe of it is left' : `Its last probe was sent at ${iso(sentinel.lastSentMs)}`;
  return [
    {
      id: 'instruments.sentinel',
      title: 'The sentinel was there',
      outcome: 'inconclusive',
      message: `${capitalised(words)}. ${since}: nothing that rests on its probes is known from then on.`,
      evidence: { zone: sentinel.zone, node: sentinel.node, hit: sentinel.hit !== null },
    },
  ];
}

function judgeClocks(facts: Facts): Finding[] {
  const stray = [...strayClocks(facts), ...straySentinel(facts)];
  if (stray.length === 0) return [];
  const off = ({ pod, clockOffMs }: LoadPodFact | SentinelFact) =>
    `${pod}: ${clockOffMs === null ? 'not measured' : `up to ${duration(clockOffMs)} off`}`;
  return [
    {
      id: 'instruments.clocks',
      title: 'Clocks of the pods',
      outcome: 'inconclusive',
      message: `The clocks of pods that measured are not known to be ours (at most ${duration(thresholds.maxPodClockMs)} off): ${stray.map(off).join(', ')}.`,
      evidence: { strayClocks: stray.length, maxPodClockMs: thresholds.maxPodClockMs },
    },
  ];
}

function judgePath({ path, contradictions }: AgreementFact): Finding[] {
  const [first] = contradictions;
  if (first === undefined) return [];
  const more =
    contradictions.length > 1 ? ` (${counted(contradictions.length - 1, 'other stretch', 'other stretches')})` : '';
  return [
    {
      id: `instruments.${path}`,
      title: `Instruments agree on ${path}s`,
      outcome: 'inconclusive',
      message:
        `From ${iso(first.fromMs)} on, for ${duration(first.toMs - first.fromMs)}${more}, k6 says that ${percent(first.k6FailedShare)} of the ${path}s failed, ` +
        `and the sentinel ${percent(first.probeFailedShare)} of the same requests: they did not reach the shop by one way.`,
      evidence: {
        contradictions: contradictions.length,
        k6FailedRatio: first.k6FailedShare,
        probeFailedRatio: first.probeFailedShare,
      },
    },
  ];
}

/** What rests on a path that the instruments contradict each other about cannot pass. */
export const contradictionDoubts = ({ agreement }: Facts, ...paths: AgreementFact['path'][]): string[] =>
  agreement
    .filter(({ path, contradictions }) => paths.includes(path) && contradictions.length > 0)
    .map(({ path }) => `k6 and the sentinel contradict each other about ${path}s`);
