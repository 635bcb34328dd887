import { invalid } from '../model/errors.ts';
import type { Series, Trend } from '../model/history.ts';
import { type Asked, chooseSeries, notCompared } from './choose-series.ts';
import type { History } from './history-file.ts';
import { drillsIn, runsIn, seriesIn } from './queries.ts';
import { readReference } from './references.ts';
import { mostShown, type ReferenceRuns, trendOf } from './trend.ts';

/** @throws TenfoldError (invalid) when there is no such run. */
export async function readTrend(history: History, reports: string, drill: string, asked: Asked): Promise<Trend> {
  const { all, chosen } = await findSeries(history, drill, asked);
  const newest = await runsIn(history, { series: chosen.series, last: mostShown });
  const reference = await referenceRuns(history, reports, chosen);
  return { ...trendOf(chosen, newest, reference), notCompared: notCompared(all, chosen) };
}

/** @throws TenfoldError (invalid) when the drill has no such runs. */
export async function findSeries(
  history: History,
  drill: string,
  asked: Asked,
): Promise<{ all: Series[]; chosen: Series }> {
  const all = await seriesIn(history, drill);
  const chosen = chooseSeries(all, asked);
  if (chosen !== undefined) return { all, chosen };
  if (all.length === 0)
    throw invalid(`there is no run of ${drill}`, `there are runs of ${(await drillsIn(history)).join(', ')}`);
  const known = new Set(all.map(({ target, profile }) => `--target ${target} --profile ${profile}`));
  throw invalid(`there is no such run of ${drill}`, `there are runs with ${[...known].join('; ')}`);
}

/** Those of its runs that are still there. @throws TenfoldError (invalid) when none is. */
async function referenceRuns(history: History, reports: string, series: Series): Promise<ReferenceRuns | null> {
  const stored = await readReference(reports, series);
  if (stored === null) return null;
  const runs = await runsIn(history, { series: series.series, runIds: stored.runIds });
  if (runs.length > 0) return { runs, setAt: stored.setAt };
  throw invalid(
    `the runs of the reference of ${series.drill} are gone: ${stored.runIds.join(', ')}`,
    `bring them back, or set another: npm run tenfold -- baseline set ${series.drill}`,
  );
}
