import { realpath } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import type { History } from '../../history/history-file.ts';
import { drillsIn, runsIn, seriesIn } from '../../history/queries.ts';
import { findSeries } from '../../history/read-trend.ts';
import { readReference, type StoredReference, writeReference } from '../../history/references.ts';
import { refreshedHistory } from '../../history/refresh.ts';
import { mostCompared, mostShown } from '../../history/trend.ts';
import { invalid } from '../../model/errors.ts';
import { counts, type HistoryRun, type Series } from '../../model/history.ts';
import { plural } from '../../report/format.ts';
import { seriesText } from '../../report/history/words.ts';
import { nowMs } from '../../runtime/clock.ts';

export interface BaselineOptions {
  target?: string;
  profile?: string;
  reports: string;
}

/** Names a run, or the newest runs of a drill, as the reference of their series. */
export async function baselineSetCommand(named: string, options: BaselineOptions): Promise<void> {
  const reports = resolve(options.reports);
  using history = await refreshedHistory(reports, (line) => process.stderr.write(`${line}\n`));
  const { runs, series } = await runsNamed(history, named, options);
  const path = await writeReference(reports, {
    drill: series.drill,
    series: series.series,
    runIds: runs.map(({ runId }) => runId).sort(),
    setAt: new Date(nowMs()).toISOString(),
  });
  process.stdout.write(
    `${plural(runs.length, 'run')} of ${series.drill} (${seriesText(series)}) is what later runs are compared with: ${relative(process.cwd(), path)}\n`,
  );
}

/** @throws TenfoldError (invalid) when no run is named, or none that counts. */
async function runsNamed(
  history: History,
  named: string,
  options: BaselineOptions,
): Promise<{ runs: HistoryRun[]; series: Series }> {
  // A folder may be named by a link, such as latest.
  const runId = basename(await realpath(named).catch(() => named));
  const [run] = await runsIn(history, { runIds: [runId] });
  if (run === undefined && !(await drillsIn(history)).includes(named))
    throw invalid(
      `there is neither a run nor a drill ${named} in the history`,
      'npm run tenfold -- history shows them',
    );
  if (run === undefined) return await newestOf(history, named, options);
  if (!counts(run))
    throw invalid(
      `run ${run.runId} is ${run.status === 'completed' ? run.outcome : run.status}: it shows nothing to compare with`,
      'name a run that passed or failed, or a drill for its newest ones',
    );
  const series = (await seriesIn(history, run.drill)).find((one) => one.series === run.series) as Series;
  return { runs: [run], series };
}

async function newestOf(history: History, drill: string, options: BaselineOptions) {
  const { chosen } = await findSeries(history, drill, options);
  const newest = await runsIn(history, { series: chosen.series, last: mostShown });
  const runs = newest.filter(counts).slice(0, mostCompared);
  if (runs.length > 0) return { runs, series: chosen };
  throw invalid(`no run of ${drill} (${seriesText(chosen)}) passed or failed`, 'run it first');
}

/** Shows the references that were set. */
export async function baselineShowCommand(options: { reports: string; json: boolean }): Promise<void> {
  const reports = resolve(options.reports);
  using history = await refreshedHistory(reports, (line) => process.stderr.write(`${line}\n`));
  const all = (await Promise.all((await drillsIn(history)).map((drill) => seriesIn(history, drill)))).flat();
  const set: (StoredReference & { of: string })[] = [];
  for (const series of all) {
    const reference = await readReference(reports, series);
    if (reference !== null) set.push({ ...reference, of: seriesText(series) });
  }
  const lines = set.map(
    ({ drill, of, runIds, setAt }) =>
      `${drill}  ${of}  ${plural(runIds.length, 'run')}, ${runIds[0]} to ${runIds.at(-1)}, set ${setAt}`,
  );
  const text = options.json
    ? JSON.stringify(set, null, 2)
    : lines.join('\n') || 'none is set: npm run tenfold -- baseline set <run|drill>';
  process.stdout.write(`${text}\n`);
}
