import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';

/** Judges one kind of promise. Adding one is one file and one line in checkers.ts. */
export interface Checker {
  /** The first word of its findings' ids, and the name of the objective that asks for it where there is one. */
  id: string;
  /** Title of the finding that stands for all of them when the checker fails. */
  title: string;
  /** The ids of the findings that every run of this plan has, whatever it measures; none where nothing asks for it. */
  findings(plan: Plan): string[];
  /** What it will judge, a line a promise; none for what is judged in every drill alike. */
  promises(plan: Plan): string[];
  /** Whether time decides what it finds, so that a host without CPU to spare explains its fails. */
  restsOnTime?: boolean;
  /** What it finds. May throw: nothing is known of its subject then. */
  judge(facts: Facts, plan: Plan): Finding[];
}
