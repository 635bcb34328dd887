import { capacityName } from '../model/capacity.ts';
import { invalid } from '../model/errors.ts';
import type { AskedDrill, Identity, ReviewInput, Risks } from '../model/review.ts';
import { risksSchema } from '../model/review.ts';
import { dayOf } from '../review/days.ts';
import { planFingerprint, scaleOfEvidence } from '../review/find-evidence.ts';
import { readRisks } from '../review/read-risks.ts';
import { runsNeeded } from '../review/runs-needed.ts';
import { nowMs } from '../runtime/clock.ts';
import { readIfThere } from '../runtime/files.ts';
import { drillsFor, inventoryFor, type Planned, planDrills } from './plan-drills.ts';
import type { Prepared } from './prepare.ts';
import { prepareCapacity } from './prepare-capacity.ts';
import type { Testbed } from './testbed.ts';

export interface ReviewQuestion {
  /** YYYY-MM-DD. */
  peak?: string;
  profile: string;
  scale?: number;
  percentile: number;
  /** Days after which a run is no evidence any more. */
  fresh: number;
  risks?: string;
  reports: string;
  iMeanProduction?: string;
}

/** What a review is about, before anything is run. */
export interface AskedReview
  extends Pick<ReviewInput, 'peak' | 'scale' | 'named' | 'drills' | 'capacityPlan' | 'leftOut' | 'risks'> {
  planned: Planned[];
  /** The run in steps; null: none is asked for. */
  capacity: Prepared | null;
}

const defaultRisks = 'risks.yaml';

/**
 * What a person asks a review of.
 * @param names drills; empty: all that the target can run
 * @throws TenfoldError (invalid) with all that keeps it from being asked
 */
export async function askReview(
  names: readonly string[],
  testbed: Testbed,
  identity: Identity,
  question: ReviewQuestion,
): Promise<AskedReview> {
  const now = new Date(nowMs()).toISOString();
  const today = dayOf(nowMs());
  const peak = peakOf(question.peak, today);
  const all = await testbed.drillNames();
  const risks = await risksFrom(question.risks, { today, drills: [...all, capacityName] });
  // What somebody names is refused where it cannot be run; otherwise it is told as not tested.
  const inventory = await inventoryFor(names.length > 0 ? names : all, testbed, { without: [] });
  const { possible, leftOut } = names.length > 0 ? onlyNamed(names, all) : await drillsFor(all, testbed, inventory);
  const scale =
    question.scale ?? (await scaleOfEvidence(question.reports, testbed, { identity, freshDays: question.fresh, now }));
  const planned = await planDrills(possible, testbed, inventory, {
    without: [],
    scale,
    stopWhen: testbed.stopWhen,
    productionReason: question.iMeanProduction,
  });
  const divisor = planned[0]?.plan.scale?.divisor ?? scale;
  // Of the same traffic as the drills.
  const capacity =
    names.length > 0
      ? null
      : await prepareCapacity(testbed, {
          ...(question.iMeanProduction !== undefined && { iMeanProduction: question.iMeanProduction }),
          ...(divisor !== undefined && { scale: divisor }),
        });
  return {
    peak,
    risks,
    planned,
    capacity,
    scale: planned[0]?.plan.scale?.divisor ?? null,
    named: names.length > 0,
    drills: planned.map((one) => askedOf(one, question.percentile)),
    capacityPlan: capacity && planFingerprint(capacity.plan),
    leftOut,
  };
}

type Chosen = Pick<AskedReview, 'leftOut'> & { possible: readonly string[] };

const onlyNamed = (names: readonly string[], all: readonly string[]): Chosen => ({
  possible: names,
  leftOut: [...all.filter((name) => !names.includes(name)), capacityName].map((what) => ({
    what,
    why: 'it was not asked for',
  })),
});

/** @throws TenfoldError (invalid) where it is no day to come */
export function peakOf(peak: string | undefined, today: string): string {
  if (peak === undefined) throw invalid('a review is for a day: which one?', 'npm run review -- --peak 2026-11-27');
  if (peak >= today) return peak;
  throw invalid(`the peak of ${peak} is over`, 'name the next one: npm run review -- --peak YYYY-MM-DD');
}

async function risksFrom(
  path: string | undefined,
  context: { today: string; drills: readonly string[] },
): Promise<Risks> {
  const file = path ?? defaultRisks;
  const text = await readIfThere(file);
  if (text !== undefined) return readRisks(text, { path: file, ...context });
  if (path === undefined) return risksSchema.parse({});
  throw invalid(`there is no file ${path}`, 'docs/REVIEW.md shows what stands in it');
}

/** A drill that promises a recovery is repeated, so that the longest one says something about the next. */
const askedOf = ({ drill, plan }: Planned, percentile: number): AskedDrill => ({
  drill: drill.name,
  title: drill.title,
  runsNeeded: plan.objectives.recovery.length > 0 ? runsNeeded(percentile) : 1,
  plan: planFingerprint(plan),
});
