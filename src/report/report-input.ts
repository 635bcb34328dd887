import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';

/** What every report is made of. */
export interface ReportInput {
  verdict: Verdict;
  facts: Facts;
  plan: Plan;
}
