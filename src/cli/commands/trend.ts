import { join, relative, resolve } from 'node:path';
import { leftOutOf } from '../../history/queries.ts';
import { readTrend } from '../../history/read-trend.ts';
import { refreshedHistory } from '../../history/refresh.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import type { LeftOut, Trend } from '../../model/history.ts';
import { historyJson } from '../../report/history/json.ts';
import { trendLines } from '../../report/history/terminal.ts';
import { stateOf, type TrendState } from '../../report/history/words.ts';
import { writeAtomically } from '../../runtime/files.ts';
import { hasColour } from '../has-colour.ts';

export interface TrendOptions {
  target?: string;
  profile?: string;
  reports: string;
  json: boolean;
}

const exitCodeOf: Record<TrendState, ExitCode> = {
  worse: exitCodes.fail,
  flaky: exitCodes.inconclusive,
  'too few': exitCodes.inconclusive,
  better: exitCodes.pass,
  'none shown': exitCodes.pass,
};

/** Shows a drill over time, and names what became worse. */
export async function trendCommand(drill: string, options: TrendOptions): Promise<ExitCode> {
  const reports = resolve(options.reports);
  using history = await refreshedHistory(reports, (line) => process.stderr.write(`${line}\n`));
  const trend = await readTrend(history, reports, drill, options);
  const leftOut = (await leftOutOf(history)).filter(({ folder }) => folder.split('/').includes(drill));
  const page = join(reports, 'trends', `${drill.replaceAll(/[^\w-]/g, '-')}.html`);
  process.stdout.write(`${options.json ? historyJson({ ...trend, leftOut }, 2) : inLines(trend, leftOut, page)}\n`);
  // What draws takes longer to load than all else: whoever reads the lines need not wait for it.
  const { trendHtml } = await import('../../report/history/trend-page.ts');
  await writeAtomically(page, trendHtml(trend, commandOf(drill, options)));
  return exitCodeOf[stateOf(trend)];
}

const inLines = (trend: Trend, leftOut: LeftOut[], page: string): string =>
  trendLines(trend, leftOut, { colour: hasColour(process.stdout), chartPath: relative(process.cwd(), page) }).join(
    '\n',
  );

const commandOf = (drill: string, { target, profile }: TrendOptions): string =>
  [
    `npm run tenfold -- trend ${drill}`,
    ...(target === undefined ? [] : ['--target', target]),
    ...(profile === undefined ? [] : ['--profile', profile]),
  ].join(' ');
