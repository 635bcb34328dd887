import { join } from 'node:path';
import { readPlan } from '../drill/read-plan.ts';
import { findRuns } from '../history/find-runs.ts';
import { runsIn } from '../history/queries.ts';
import { refreshedHistory } from '../history/refresh.ts';
import { capacityName } from '../model/capacity.ts';
import type { HistoryRun } from '../model/history.ts';
import { basisOf, type Plan } from '../model/plan.ts';
import type { Identity } from '../model/review.ts';
import { type Verdict, verdictSchema } from '../model/verdict.ts';
import { fingerprint, readJson } from '../runtime/files.ts';
import { isFresh } from './days.ts';
import { isOf } from './identity.ts';

/** A run that is evidence, in its own folder. */
export interface FreshRun {
  /** Absolute. */
  path: string;
  verdict: Verdict;
}

export interface EvidenceAsked {
  reports: string;
  target: string;
  /** What the plan of each of its runs has to be, by drill; of a run in steps, too. */
  plans: ReadonlyMap<string, string>;
  identity: Identity;
  freshDays: number;
  now: string;
}

/**
 * The traffic of the newest run of a drill that is evidence but for its plan, as 1:n: by default it is what fits the host on that day, and
 * a run of another is no evidence beside it. undefined: there is none, or the profile or a config sets the traffic.
 */
export async function scaleOfEvidence(
  reports: string,
  { target, profile }: { target: { name: string }; profile: { name: string } },
  { identity, freshDays, now }: Pick<EvidenceAsked, 'identity' | 'freshDays' | 'now'>,
): Promise<number | undefined> {
  if (findRuns(reports).length === 0) return undefined;
  using history = await refreshedHistory(reports, () => {});
  const newest = (await runsIn(history, {})).find(
    (run) =>
      run.target === target.name &&
      run.profile === profile.name &&
      run.without.length === 0 &&
      run.status === 'completed' &&
      // Its load goes up to twice as much.
      run.drill !== capacityName &&
      isOf(run, identity) &&
      isFresh(run.startedAt, freshDays, now),
  );
  return newest && (await readPlan(join(reports, newest.folder))).scale?.divisor;
}

/** What of a plan a review asks for: a run of another plan answers another question. */
export const planFingerprint = (plan: Plan): string => {
  // As it comes back from a file.
  const { samples: _, productionReason: __, ...basis } = JSON.parse(JSON.stringify(basisOf(plan))) as Plan;
  return fingerprint(sorted(basis));
};

/** Names of an object in order, whatever order a file has them in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

/**
 * Runs that are evidence, oldest first: of the same plan, commit and platform, on all of it, and not too old, unless they may speak
 * against a go. The history has
 * judged each again from its facts, so none with an edited verdict is among them.
 */
export async function findEvidence(asked: EvidenceAsked, say: (line: string) => void): Promise<FreshRun[]> {
  const { reports, target, plans, identity, freshDays, now } = asked;
  // Without any run there is no history.
  if (findRuns(reports).length === 0) return [];
  using history = await refreshedHistory(reports, say);
  const may = (run: HistoryRun): boolean =>
    run.target === target &&
    plans.has(run.drill) &&
    run.without.length === 0 &&
    run.commit === identity.commit &&
    // What speaks against a go does not get old; what a run in steps says is in its facts.
    (isFresh(run.startedAt, freshDays, now) || run.outcome === 'fail' || run.drill === capacityName);
  const candidates = (await runsIn(history, {})).filter(may).reverse();
  const fresh: FreshRun[] = [];
  for (const { folder, drill } of candidates) {
    const path = join(reports, folder);
    const verdict = verdictSchema.parse(await readJson(join(path, 'verdict.json')));
    if (!isOf(verdict.environment, identity)) continue;
    if (planFingerprint(await readPlan(path)) === plans.get(drill)) fresh.push({ path, verdict });
  }
  return fresh;
}
