import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { evidenceFiles } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { isWholeGzip } from './whole-gzip.ts';

/**
 * With its checksum right it is whole. The others were compressed by whoever wrote them, who may have been killed before
 * they were sealed.
 */
const compressedBySealing = evidenceFiles.requests;

type Problem = Facts['problems'][number];
export type Row = Record<string, DuckDBValue>;
/** partial: all rows but some that are no rows, e.g. the last one of a writer that was killed. */
export type Readable = 'whole' | 'partial' | 'not';

/** An in-memory database over an evidence folder. Problems with the evidence are collected, never thrown. */
export class EvidenceStore implements Disposable {
  readonly problems: Problem[] = [];
  readonly folder: string;
  /** Files that are, to the byte, what the run sealed. */
  readonly sealed = new Set<string>();
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(folder: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.folder = folder;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(folder: string): Promise<EvidenceStore> {
    const instance = await DuckDBInstance.create(':memory:', {
      // Keeping rows in the order of their file costs a third of the time, and nothing that is measured depends on it.
      preserve_insertion_order: 'false',
      // What does not fit into memory goes here, and not to where the command was typed.
      temp_directory: join(tmpdir(), `tenfold-judging-${process.pid}`),
    });
    return new EvidenceStore(folder, instance, await instance.connect());
  }

  /** Makes a table of a query over a csv.gz file, `from` in the query standing for the file. What is amiss becomes a problem. */
  async load(file: string, about: Problem['about'], table: string, query: (from: string) => string): Promise<Readable> {
    const path = join(this.folder, file);
    if (!existsSync(path)) {
      this.problems.push({ about, message: `${file} is missing` });
      return 'not';
    }
    const isWhole = this.sealed.has(file) && file === compressedBySealing ? true : isWholeGzip(path);
    const reason = await this.#createTable(table, query(readCsv(path)));
    if (reason !== null) {
      this.problems.push({ about, message: `${file} could not be read: ${reason}` });
      return 'not';
    }
    if (!(await isWhole)) {
      this.problems.push({ about, message: `${file} could not be read: it is cut off or damaged` });
      return 'not';
    }
    const [rejected] = await this.rows('SELECT count(DISTINCT line)::INTEGER AS lines FROM reject_errors');
    if (!rejected?.lines) return 'whole';
    this.problems.push({ about, message: `${file} has broken rows: ${rejected.lines} could not be read` });
    return 'partial';
  }

  /** Why there is no table, or null. */
  async #createTable(table: string, query: string): Promise<string | null> {
    try {
      await this.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
      await this.run(`CREATE TEMP TABLE ${table} AS ${query}`);
      return null;
    } catch (error) {
      const line = String((error as Error).message).split('\n')[0] ?? '';
      // Without where the folder lies: the same evidence has to give the same words anywhere.
      return line.replaceAll(`${this.folder}/`, '');
    }
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async rows(sql: string): Promise<Row[]> {
    return (await this.#connection.runAndReadAll(sql)).getRowObjects();
  }

  /** One array a column: for tables too long for an object a row. */
  async columns(sql: string): Promise<DuckDBValue[][]> {
    return (await this.#connection.runAndReadAll(sql)).getColumns();
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** All text, no guessing of types: what does not parse is counted by the query. Rows that are no rows are kept apart. */
const readCsv = (path: string): string =>
  `read_csv(${literally(path)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', ` +
  "store_rejects = true, compression = 'gzip', hive_partitioning = false)";

/** DuckDB takes a path for a pattern; a set of one character stands for that character alone. */
const literally = (path: string): string => `'${path.replace(/[[*?]/g, '[$&]').replaceAll("'", "''")}'`;
