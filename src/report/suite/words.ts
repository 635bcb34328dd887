import type { Suite, SuiteRun } from '../../model/suite.ts';
import { capitalised, formatMs, notMeasured, plural, runDurationMs } from '../format.ts';

/** What several runs are called together. */
export const suiteTitle = (suite: Suite): string => plural(suite.runs.length + suite.left.length, 'drill');

/** Several runs in a sentence or two: how many ended how, and what is left. */
export function suiteHeadline(suite: Suite): string {
  const of = (outcome: SuiteRun['outcome']): number => suite.runs.filter((run) => run.outcome === outcome).length;
  const counts = [
    `${of('pass')} passed`,
    ...(of('fail') > 0 ? [`${of('fail')} failed`] : []),
    ...(of('inconclusive') > 0 ? [`${of('inconclusive')} inconclusive`] : []),
    ...(suite.left.length > 0 ? [`${suite.left.length} not run`] : []),
    ...(suite.leftOut.length > 0 ? [`${suite.leftOut.length} left out, which ${suite.target} cannot do`] : []),
  ];
  const ended = suite.stoppedBy === null ? '' : `It stopped early: ${suite.stoppedBy.replace(/\.$/, '')}. `;
  return `${ended}${suiteTitle(suite)}: ${counts.join(', ')}.`;
}

/** How long a run took, in words. */
export function durationOf(run: { startedAt: string; finishedAt: string | null }): string {
  const ms = runDurationMs(run);
  return ms === null ? notMeasured : formatMs(Math.round(ms / 1000) * 1000);
}

/** Why a drill has no run. */
export const notRun = (suite: Suite): string =>
  capitalised(suite.stoppedBy === null ? 'it has not run yet.' : `not run: ${suite.stoppedBy}.`);
