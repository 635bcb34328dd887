import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seriesIn } from '../../src/history/queries.ts';
import { writeReference } from '../../src/history/references.ts';
import { refreshedHistory } from '../../src/history/refresh.ts';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { runIdOf, type StoredRun, storeRun } from '../support/runs/stored-run.ts';
import type { Row } from './row.ts';

/** Runs, and the history that is made of them. */
const stored =
  (...runs: StoredRun[]): NonNullable<Row['prepare']> =>
  async (folder) => {
    for (const run of runs) await storeRun(join(folder, 'stored'), run);
    (await refreshedHistory(join(folder, 'stored'), () => {}))[Symbol.dispose]();
  };

const at = (...args: string[]): string[] => [...args, '--reports', 'stored'];

/** A run, and a reference of its series with these runs, or with this text in its file. */
const withReference =
  (runIds: string[], text?: string): NonNullable<Row['prepare']> =>
  async (folder) => {
    const reports = join(folder, 'stored');
    await storeRun(reports, { day: 1 });
    using history = await refreshedHistory(reports, () => {});
    const [series] = await seriesIn(history, 'aurora-failover');
    await writeReference(reports, {
      drill: 'aurora-failover',
      series: series?.series ?? '',
      runIds,
      setAt: '2026-01-01T00:00:00.000Z',
    });
    const [file] = await readdir(join(reports, 'baselines'));
    if (text !== undefined) await writeFile(join(reports, 'baselines', file ?? ''), text);
  };

export const history: Row[] = [
  {
    what: 'a history of reports that are not there',
    args: at('history'),
    says: /there is no run in .*stored[\s\S]*what to do: run a drill/,
  },
  {
    what: 'a history of reports that are a file',
    args: at('history'),
    files: { stored: '' },
    says: /there is no run in /,
  },
  { what: 'so many runs as none', args: at('history', '--last', '0'), says: /It must be a whole number from 1/ },
  {
    what: 'the history of a drill that never ran',
    args: at('history', 'aurora-failovr'),
    prepare: stored({ day: 1 }),
    says: /there is no run of aurora-failovr[\s\S]*did you mean aurora-failover\?/,
  },
  {
    what: 'the trend of a drill that never ran',
    args: at('trend', 'node-loss'),
    prepare: stored({ day: 1 }),
    says: /there is no run of node-loss[\s\S]*there are runs of aurora-failover/,
  },
  {
    what: 'a trend of runs that are none',
    args: at('trend', 'aurora-failover', '--target', 'kubernetes'),
    prepare: stored({ day: 1 }),
    says: /there is no such run of aurora-failover[\s\S]*--target local --profile laptop/,
  },
  {
    what: 'a reference that is neither run nor drill',
    args: at('baseline', 'set', 'yesterday'),
    prepare: stored({ day: 1 }),
    says: /neither a run nor a drill yesterday[\s\S]*tenfold -- history/,
  },
  {
    what: 'a reference that crashed',
    args: at('baseline', 'set', runIdOf(1)),
    prepare: stored({ day: 1, status: 'crashed' }),
    says: /is crashed: it shows nothing to compare with/,
  },
  {
    what: 'a reference without a run that counts',
    args: at('baseline', 'set', 'aurora-failover'),
    prepare: stored({ day: 1, status: 'crashed' }),
    says: /no run of aurora-failover .*passed or failed[\s\S]*what to do: run it first/,
  },
  {
    what: 'a reference whose runs are gone',
    args: at('trend', 'aurora-failover'),
    prepare: withReference(['20250101-000000-abcdef']),
    says: /the runs of the reference of aurora-failover are gone: 20250101-000000-abcdef[\s\S]*baseline set/,
  },
  {
    what: 'a reference that was cut',
    args: at('trend', 'aurora-failover'),
    prepare: withReference([runIdOf(1)], '{"schemaVersion": 1,'),
    says: /baselines\/\w+\.json is not JSON, or was cut[\s\S]*set it again/,
  },
  {
    what: 'a reference of another version',
    args: at('trend', 'aurora-failover'),
    prepare: withReference([runIdOf(1)], '{"schemaVersion": 7, "runIds": []}'),
    says: /does not hold a reference:[\s\S]*schemaVersion[\s\S]*runIds/,
  },
  {
    what: 'a run folder that cannot be read',
    args: at('history'),
    prepare: async (folder) => {
      await stored({ day: 1 }, { day: 2 })(folder);
      await writeFile(join(folder, 'stored', 'aurora-failover', runIdOf(1), 'verdict.json'), '{"schemaVersion": 2');
    },
    exitCode: exitCodes.pass,
    says: /^/,
    prints: new RegExp(`left out: 1 folder[\\s\\S]*${runIdOf(1)}: verdict.json is not JSON, or was cut`),
  },
];
