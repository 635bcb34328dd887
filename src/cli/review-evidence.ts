import { capacityName } from '../model/capacity.ts';
import type { Identity } from '../model/review.ts';
import type { Verdict } from '../model/verdict.ts';
import { type FreshRun, findEvidence } from '../review/find-evidence.ts';
import { besidesTheLoadMs, type DrillNeed, needsOf } from '../review/plan-review.ts';
import { hasFailed } from '../review/review-drill.ts';
import { coveringAll, waiversAt } from '../review/waivers.ts';
import { nowMs } from '../runtime/clock.ts';
import type { AskedReview } from './ask-review.ts';
import type { Testbed } from './testbed.ts';

/** What a review is about, and where its evidence is. */
export interface EvidencePlace {
  testbed: Testbed;
  asked: AskedReview;
  identity: Identity;
  reports: string;
  freshDays: number;
  say: (line: string) => void;
}

/** All evidence that there is now. */
export async function evidenceNow({ testbed, asked, say, ...place }: EvidencePlace): Promise<FreshRun[]> {
  const plans = new Map(asked.drills.map(({ drill, plan }) => [drill, plan]));
  if (asked.capacityPlan !== null) plans.set(capacityName, asked.capacityPlan);
  const now = new Date(nowMs()).toISOString();
  return await findEvidence({ ...place, target: testbed.target.name, plans, now }, say);
}

/** What of it is there, and what is missing. */
export async function needsNow(place: EvidencePlace): Promise<DrillNeed[]> {
  const { testbed, asked } = place;
  const runs = (await evidenceNow(place)).map(({ verdict }) => verdict);
  const waivers = waiversAt(asked.risks.risks, asked.peak);
  const brokenIn = (name: string): string[] =>
    runs
      .filter((verdict) => verdict.drill === name && hasFailed(verdict))
      .flatMap(({ findings }) => findings.flatMap(({ id, outcome }) => (outcome === 'fail' ? [id] : [])));
  const isWaived = (name: string): boolean => coveringAll(waivers, name, brokenIn(name)).length > 0;
  const loadMs = (name: string) => asked.planned.find(({ drill }) => drill.name === name)?.plan.loadDurationMs ?? 0;
  return [
    ...(asked.capacity ? [capacityNeed(asked.capacity.plan.loadDurationMs, runs)] : []),
    ...needsOf(asked.drills, runs, { loadMs, standUpMs: testbed.target.standUpMs ?? 0, isWaived }),
  ];
}

/** It says something whatever its outcome, as long as it was held to its end. */
function capacityNeed(loadMs: number, runs: readonly Verdict[]): DrillNeed {
  const own = runs.filter(({ drill, status }) => drill === capacityName && status === 'completed');
  return {
    drill: capacityName,
    title: 'How much it carries',
    runsNeeded: 1,
    runs: own.length,
    failed: own.filter(hasFailed).length,
    missing: own.length > 0 ? 0 : 1,
    runMs: loadMs + besidesTheLoadMs,
  };
}
