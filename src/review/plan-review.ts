import type { AskedDrill } from '../model/review.ts';
import type { Verdict } from '../model/verdict.ts';
import { hasFailed, hasPassed } from './review-drill.ts';

/** What a review has of a drill, and what it lacks. */
export interface DrillNeed {
  drill: string;
  title: string;
  runsNeeded: number;
  /** Fresh runs that passed, or broke a promise. */
  runs: number;
  failed: number;
  missing: number;
  /** Of one run, as the last ones took, or as planned. */
  runMs: number;
}

type Judged = Pick<Verdict, 'drill' | 'status' | 'outcome' | 'startedAt' | 'finishedAt'>;

/** How long standing up, steady state, collecting and tearing down take besides the load, where no run tells. */
export const besidesTheLoadMs = 60_000;

/**
 * What is there and what is missing, drill by drill.
 * @param fresh runs that are evidence @param planned loadMs: of a drill's load; isWaived: whether a launch goes on although it fails
 */
export function needsOf(
  asked: readonly AskedDrill[],
  fresh: readonly Judged[],
  planned: { loadMs: (drill: string) => number; standUpMs: number; isWaived: (drill: string) => boolean },
): DrillNeed[] {
  return asked.map(({ drill, title, runsNeeded }) => {
    const own = fresh.filter((run) => run.drill === drill);
    const failed = own.filter(hasFailed).length;
    const counted = failed + own.filter(hasPassed).length;
    return {
      drill,
      title,
      runsNeeded,
      runs: counted,
      failed,
      // Another run does not take a failure back.
      missing: failed > 0 && !planned.isWaived(drill) ? 0 : Math.max(0, runsNeeded - counted),
      runMs: longestMs(own) ?? planned.loadMs(drill) + planned.standUpMs + besidesTheLoadMs,
    };
  });
}

function longestMs(runs: readonly Judged[]): number | null {
  const took = runs
    .filter(({ status }) => status === 'completed')
    .flatMap(({ startedAt, finishedAt }) =>
      finishedAt === null ? [] : [Date.parse(finishedAt) - Date.parse(startedAt)],
    );
  return took.length === 0 ? null : Math.max(...took);
}

/**
 * The drill to run next: the one of which the smallest share is there, so that a night that ends early has seen something of each.
 * @param leftMs only one that ends in this time @param triedInVain drills that say neither, again and again
 */
export function nextDrill(
  needs: readonly DrillNeed[],
  leftMs: number,
  triedInVain: ReadonlySet<string>,
): DrillNeed | undefined {
  return needs
    .filter(({ drill, missing, runMs }) => missing > 0 && runMs <= leftMs && !triedInVain.has(drill))
    .toSorted((a, b) => a.runs / a.runsNeeded - b.runs / b.runsNeeded)[0];
}

/** How long all that is missing takes. */
export const missingMs = (needs: readonly DrillNeed[]): number =>
  needs.reduce((sum, { missing, runMs }) => sum + missing * runMs, 0);
