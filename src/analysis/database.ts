import { rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { judgingFolder, makeTempFolder } from '../runtime/temp-folder.ts';

export type Row = Record<string, DuckDBValue>;

/** Judging as a whole must fit into 4 GB: what is beside the database takes up to as much again. */
const memoryBytes = Math.floor(Math.min(1_500_000_000, totalmem() / 2));

/** An in-memory database. What does not fit spills to a folder that is removed with it. */
export class Database implements Disposable {
  readonly temporaryFolder: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(temporaryFolder: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.temporaryFolder = temporaryFolder;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<Database> {
    const temporaryFolder = makeTempFolder(judgingFolder);
    const instance = await DuckDBInstance.create(':memory:', {
      // Keeping rows in the order of their file costs a third of the time, and no measurement depends on it.
      preserve_insertion_order: 'false',
      memory_limit: `${memoryBytes}B`,
      temp_directory: temporaryFolder,
    });
    return new Database(temporaryFolder, instance, await instance.connect());
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async rows(sql: string): Promise<Row[]> {
    return (await this.#connection.runAndReadAll(sql)).getRowObjects();
  }

  /** One array per column: for tables too long for one object per row. */
  async columns(sql: string): Promise<DuckDBValue[][]> {
    return (await this.#connection.runAndReadAll(sql)).getColumns();
  }

  /** Runs a statement over a csv.gz file, which `from` in it stands for. Returns how many rows could not be read. */
  async runOverCsv(path: string, statement: (from: string) => string): Promise<number> {
    await this.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
    await this.run(statement(readCsv(path)));
    const [rejected] = await this.rows('SELECT count(DISTINCT line)::INTEGER AS lines FROM reject_errors');
    return Number(rejected?.lines);
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.temporaryFolder, { recursive: true, force: true });
  }
}

/** All text, no guessing of types: the query counts what does not parse. Malformed rows are kept apart. */
const readCsv = (path: string): string =>
  `read_csv(${literally(path)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', ` +
  "store_rejects = true, compression = 'gzip', hive_partitioning = false)";

export const readParquet = (path: string): string => `read_parquet(${literally(path)}, hive_partitioning = false)`;

/** DuckDB takes a path for a pattern; a set of one character matches only that character. */
const literally = (path: string): string => quoted(path.replace(/[[*?]/g, '[$&]'));

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
