import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';
import type { Checker } from './checker.ts';

/** Each problem with the evidence, so that none is overlooked: a verdict never passes on missing data. */
export const problems: Checker = {
  id: 'evidence',
  title: 'Evidence',
  findings: () => [],
  promises: () => [],
  judge: judgeProblems,
};

function judgeProblems({ problems }: Facts): Finding[] {
  return problems.map(({ about, message }, index) => {
    const before = problems.slice(0, index).filter((problem) => problem.about === about).length;
    return {
      id: before === 0 ? `evidence.${about}` : `evidence.${about}.${before + 1}`,
      title: `Evidence about ${about === 'evidence' ? 'the run' : about}`,
      outcome: 'inconclusive',
      message,
      evidence: { about },
    };
  });
}
