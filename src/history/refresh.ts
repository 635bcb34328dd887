import { join } from 'node:path';
import { cannotTell, invalid } from '../model/errors.ts';
import type { HistoryRun } from '../model/history.ts';
import { type FoundRun, findRuns } from './find-runs.ts';
import { changeHistory, type History, openHistory } from './history-file.ts';
import type { Unread } from './read-run.ts';

/** Reading a run takes some milliseconds: whoever reads so many is told. */
const worthTelling = 100;
/** After so many, what was read is kept, whatever happens to the rest. */
const atATime = 1_000;

type ReadFolder = FoundRun & { read: HistoryRun | Unread };

/**
 * Brings the history up to date with the run folders, and opens it. Only folders that are new or changed are read. A run whose folder
 * is gone is dropped: the history is an index of the folders and nothing else, so one that is built anew is the same.
 * @param say tells of what takes long.
 * @throws TenfoldError (invalid) when there is no run.
 */
export async function refreshedHistory(reports: string, say: (line: string) => void): Promise<History> {
  const path = join(reports, 'history.duckdb');
  const found = findRuns(reports);
  if (found.length === 0)
    throw invalid(`there is no run in ${reports}`, 'run a drill: npm run drill -- aurora-failover');
  // Those that the machine refused are not tried again and again.
  const refused = new Set<string>();
  for (let tries = 0; tries < mostTries; tries += 1) {
    const history = await openHistory(path);
    const stale = await staleIn(history, found, refused);
    if (history !== undefined && stale.fresh.length + stale.gone.length === 0) return history;
    history?.[Symbol.dispose]();
    for (const folder of await update(reports, path, stale, say)) refused.add(folder);
  }
  throw cannotTell(`other commands keep writing ${path}`, { hint: 'try again when they have ended' });
}

/** Another command that began earlier may put its own history in the place of the one that was just written. */
const mostTries = 10;

interface Stale {
  isNew: boolean;
  fresh: FoundRun[];
  gone: string[];
}

async function staleIn(
  history: History | undefined,
  found: readonly FoundRun[],
  refused: ReadonlySet<string>,
): Promise<Stale> {
  const known = history === undefined ? new Map<string, string>() : await stampsIn(history);
  const there = new Set(found.map(({ folder }) => folder));
  return {
    isNew: history === undefined,
    fresh: found.filter(({ folder, stamp }) => known.get(folder) !== (refused.has(folder) ? unknownStamp : stamp)),
    gone: [...known.keys()].filter((folder) => !there.has(folder)),
  };
}

/** Of a folder that is to be read again next time. */
const unknownStamp = '';

async function stampsIn(history: History): Promise<Map<string, string>> {
  const rows = await history.rows('SELECT folder, stamp FROM runs UNION ALL SELECT folder, stamp FROM left_out');
  return new Map(rows.map(({ folder, stamp }) => [String(folder), String(stamp)]));
}

/** @returns the folders that the machine refused. */
async function update(
  reports: string,
  path: string,
  { isNew, fresh, gone }: Stale,
  say: (line: string) => void,
): Promise<string[]> {
  const refused: string[] = [];
  if (fresh.length >= worthTelling) say(`reading ${fresh.length} runs into ${path}`);
  for (let from = 0; from === 0 || from < fresh.length; from += atATime) {
    const read = await readFolders(reports, fresh.slice(from, from + atATime));
    await changeHistory(path, isNew && from === 0, async (draft) => {
      await drop(draft, [...gone, ...read.map(({ folder }) => folder)]);
      await add(draft, read);
    });
    refused.push(...read.filter(({ stamp }) => stamp === unknownStamp).map(({ folder }) => folder));
  }
  return refused;
}

/** What reads runs judges them: it is loaded only where there is something to read. */
async function readFolders(reports: string, folders: readonly FoundRun[]): Promise<ReadFolder[]> {
  if (folders.length === 0) return [];
  const { readRun } = await import('./read-run.ts');
  const read: ReadFolder[] = [];
  for (const { folder, stamp } of folders) {
    const run = await readRun(reports, folder);
    read.push({ folder, stamp: 'isForNow' in run && run.isForNow ? unknownStamp : stamp, read: run });
  }
  return read;
}

async function drop(draft: History, folders: readonly string[]): Promise<void> {
  if (folders.length === 0) return;
  await draft.run('CREATE TEMP TABLE dropped (folder VARCHAR)');
  const appender = await draft.connection.createAppender('dropped');
  for (const folder of folders) {
    appender.appendVarchar(folder);
    appender.endRow();
  }
  appender.closeSync();
  for (const table of ['runs', 'measures', 'left_out'])
    await draft.run(`DELETE FROM ${table} WHERE folder IN (FROM dropped)`);
}

async function add(draft: History, read: readonly ReadFolder[]): Promise<void> {
  const { connection } = draft;
  const [runs, measures, leftOut] = [
    await connection.createAppender('runs'),
    await connection.createAppender('measures'),
    await connection.createAppender('left_out'),
  ];
  const append = (to: typeof runs, values: readonly (string | number | boolean | null)[]): void => {
    for (const value of values) {
      if (value === null) to.appendNull();
      else if (typeof value === 'string') to.appendVarchar(value);
      else if (typeof value === 'number') to.appendDouble(value);
      else to.appendBoolean(value);
    }
    to.endRow();
  };
  for (const { folder, stamp, read: run } of read) {
    if ('why' in run) append(leftOut, [folder, stamp, run.why]);
    else {
      append(runs, columnsOf(stamp, run));
      for (const { id, valueMs, lowMs, highMs, isPromised } of run.measures)
        append(measures, [folder, id, valueMs, lowMs, highMs, isPromised]);
    }
  }
  for (const appender of [runs, measures, leftOut]) appender.closeSync();
}

const columnsOf = (stamp: string, run: HistoryRun): (string | boolean | null)[] => [
  ...[run.folder, stamp, run.runId, run.drill, run.target, run.profile, run.outcome, run.status, run.startedAt],
  ...[run.commit, run.dirty, JSON.stringify(run.without), run.scale, JSON.stringify(run.versions), run.series],
];
