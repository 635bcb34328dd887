import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';

/** Judges one kind of promise. Adding one takes one file and one line in checkers.ts. */
export interface Checker {
  /** How its findings' ids begin. */
  id: string;
  /** Title of the finding that stands for all of them when the checker fails. */
  title: string;
  /** The ids of the findings that every run of this plan has, whatever it measures; none where nothing asks for it. */
  findings(plan: Plan): string[];
  /** What it will judge, one line per promise; none for what is judged the same in every drill. */
  promises(plan: Plan): string[];
  /** Whether time decides what it finds, so a host without CPU to spare explains its fails. */
  restsOnTime?: boolean;
  /** What it finds. If it throws, nothing is known about its subject. */
  judge(facts: Facts, plan: Plan): Finding[];
}
