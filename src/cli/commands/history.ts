import { resolve } from 'node:path';
import { countRuns, drillsIn, leftOutOf, runsIn } from '../../history/queries.ts';
import { refreshedHistory } from '../../history/refresh.ts';
import { invalid } from '../../model/errors.ts';
import { historyJson } from '../../report/history/json.ts';
import { historyLines } from '../../report/history/terminal.ts';
import { hasColour } from '../has-colour.ts';
import { unknownHint } from '../load-drill.ts';

export interface HistoryOptions {
  last: number;
  reports: string;
  json: boolean;
}

/** Lists stored runs, newest first, and tells which folders are none. */
export async function historyCommand(drill: string | undefined, options: HistoryOptions): Promise<void> {
  using history = await refreshedHistory(resolve(options.reports), (line) => process.stderr.write(`${line}\n`));
  const drills = await drillsIn(history);
  if (drill !== undefined && !drills.includes(drill))
    throw invalid(`there is no run of ${drill} in ${options.reports}`, unknownHint(drill, drills));
  const of = drill === undefined ? {} : { drill };
  const listed = {
    runs: await runsIn(history, { ...of, last: options.last }),
    total: await countRuns(history, drill),
    leftOut: await leftOutOf(history),
  };
  const text = options.json ? historyJson(listed, 2) : historyLines(listed, hasColour(process.stdout)).join('\n');
  process.stdout.write(`${text}\n`);
}
