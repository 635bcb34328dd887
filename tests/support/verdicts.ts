import { counted, type Finding, type Outcome, type Verdict, worst } from '../../src/model/verdict.ts';
import { passingRun } from './runs/runs.ts';

/** A finding that says what it is. */
export const finding = (id: string, outcome: Outcome): Finding => ({
  id,
  title: id,
  outcome,
  message: `${id} is ${outcome}.`,
  evidence: {},
});

/** A verdict with these findings and no others. */
export function verdictWith(findings: Finding[], some: Partial<Verdict> = {}): Verdict {
  return { ...passingRun().verdict, outcome: worst(counted(findings)), findings, ...some };
}
