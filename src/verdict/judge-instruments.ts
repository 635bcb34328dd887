import type { AgreementFact, Facts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { counted, duration, iso, percent } from './words.ts';

/** Whether k6 and the sentinel report the same about the same requests. Where they do not, one of them did not reach the shop. */
export const instruments: Checker = {
  id: 'instruments',
  title: 'Instruments agree',
  findings: () => [],
  promises: () => [],
  judge: ({ agreement }) => agreement.flatMap((fact) => judgePath(fact)),
};

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
