import type { KeyObject } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlan } from '../../../src/drill/read-plan.ts';
import { capacityName } from '../../../src/model/capacity.ts';
import type { Identity, Review, ReviewInput } from '../../../src/model/review.ts';
import { type FreshRun, findEvidence, planFingerprint } from '../../../src/review/find-evidence.ts';
import { runsNeeded } from '../../../src/review/runs-needed.ts';
import { writeReview } from '../../../src/review/write-review.ts';
import { steppedPlan } from '../steps.ts';
import { planOf } from './plan.ts';
import { storeRun } from './stored-run.ts';

/** The drill of stored runs, and their profile. */
export const reviewedDrill = 'aurora-failover';
export const reviewedProfile = planOf().profile.name;
export const identity: Identity = { commit: 'c0ffee', dirty: false, versions: {} };
const now = '2026-01-16T00:00:00.000Z';

/** What a review asks that is about one drill, with its first run stored. */
export async function askedReview(reports: string): Promise<ReviewInput> {
  const plan = await readPlan(join(reports, await storeRun(reports, { day: 10 })));
  return {
    schemaVersion: 1,
    id: 'a-review',
    peak: '2026-01-20',
    createdAt: now,
    command: 'npm run review -- --peak 2026-01-20',
    target: plan.target,
    profile: plan.profile.name,
    scale: plan.scale?.divisor ?? null,
    percentile: 50,
    freshDays: 14,
    identity,
    named: false,
    drills: [{ drill: reviewedDrill, title: plan.title, runsNeeded: runsNeeded(50), plan: planFingerprint(plan) }],
    capacityPlan: planFingerprint(steppedPlan),
    leftOut: [{ what: 'az-outage', why: 'no zones' }],
    risks: { risks: [], freezes: [] },
  };
}

export async function evidenceOf(reports: string, input: ReviewInput): Promise<FreshRun[]> {
  const plans = new Map(input.drills.map(({ drill, plan }) => [drill, plan]));
  if (input.capacityPlan) plans.set(capacityName, input.capacityPlan);
  return await findEvidence({ ...input, reports, plans, now: input.createdAt }, () => {});
}

/** Decides by the runs that are stored. Each review has a folder of its own. */
export async function writtenReview(reports: string, input: ReviewInput, key?: KeyObject): Promise<Review> {
  const folder = join(reports, 'review', input.id);
  await rm(folder, { recursive: true, force: true });
  return await writeReview(folder, input, await evidenceOf(reports, input), key);
}
