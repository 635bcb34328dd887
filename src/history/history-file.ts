import { copyFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { isAlive } from '../runtime/processes.ts';

/** Changes with the tables, and with what is put into them: a file of another version is made anew. */
const version = 2;

const tables = `
  CREATE TABLE about (version INTEGER);
  INSERT INTO about VALUES (${version});
  CREATE TABLE runs (
    folder VARCHAR, stamp VARCHAR, run_id VARCHAR, drill VARCHAR, target VARCHAR, profile VARCHAR, outcome VARCHAR,
    status VARCHAR, started_at VARCHAR, "commit" VARCHAR, dirty BOOLEAN, without VARCHAR, scale VARCHAR, versions VARCHAR,
    series VARCHAR
  );
  CREATE TABLE measures (
    folder VARCHAR, id VARCHAR, value_ms DOUBLE, low_ms DOUBLE, high_ms DOUBLE, is_promised BOOLEAN
  );
  CREATE TABLE left_out (folder VARCHAR, stamp VARCHAR, why VARCHAR);
  -- A run that stands in several folders counts once: from the one that has its name, if one has, and is least deep.
  CREATE VIEW each_run AS
    SELECT *, row_number() OVER (
      PARTITION BY run_id ORDER BY ends_with(folder, '/' || run_id) DESC, length(folder) - length(replace(folder, '/', '')), folder
    ) = 1 AS counts_once
    FROM runs;
`;

export type Row = Record<string, DuckDBValue>;

/** A connection to the history, or to a draft of it. */
export class History implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
  }

  static async at(path: string, access: 'READ_ONLY' | 'READ_WRITE'): Promise<History> {
    const instance = await DuckDBInstance.create(path, { access_mode: access });
    return new History(instance, await instance.connect());
  }

  /** @param values stand for $1, $2 ... in the query. */
  async rows(sql: string, values: DuckDBValue[] = []): Promise<Row[]> {
    return (await this.connection.runAndReadAll(sql, values)).getRowObjects();
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  [Symbol.dispose](): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

/** The history as it stands, to be read only; undefined where there is none that this version can read. */
export async function openHistory(path: string): Promise<History | undefined> {
  const history = await History.at(path, 'READ_ONLY').catch(() => undefined);
  const about = await history?.rows('SELECT version FROM about').catch(() => undefined);
  if (about?.[0]?.version === version) return history;
  history?.[Symbol.dispose]();
  return undefined;
}

/**
 * Changes the history in a copy beside it, which then takes its place in one step. So nobody waits for a lock, whoever reads
 * goes on reading what they opened, and a kill leaves it as it was. Of two at once the later one stays; what the other had added
 * is found missing, and added, by the next command.
 * @param isNew there is none to go on from.
 */
export async function changeHistory(
  path: string,
  isNew: boolean,
  change: (draft: History) => Promise<void>,
): Promise<void> {
  await removeDrafts(path);
  const draft = `${path}${draftMark}${process.pid}`;
  await removeDraft(draft);
  try {
    if (!isNew) await copyFile(path, draft);
    {
      using history = await History.at(draft, 'READ_WRITE');
      if (isNew) await history.run(tables);
      await change(history);
      await history.run('CHECKPOINT');
    }
    await rename(draft, path);
  } finally {
    await removeDraft(draft);
  }
}

const draftMark = '.draft-';

async function removeDraft(draft: string): Promise<void> {
  for (const file of [draft, `${draft}.wal`]) await rm(file, { force: true });
}

/** What a killed command was writing. */
async function removeDrafts(path: string): Promise<void> {
  const prefix = `${basename(path)}${draftMark}`;
  for (const name of await readdir(dirname(path))) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : 0;
    if (pid > 0 && !isAlive(pid)) await rm(join(dirname(path), name), { force: true });
  }
}
