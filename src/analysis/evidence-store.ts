import { join } from 'node:path';
import type { DuckDBValue } from '@duckdb/node-api';
import { evidenceFiles } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { isFile } from '../runtime/files.ts';
import { isCompleteGzip } from './complete-gzip.ts';
import { Database, type Row } from './database.ts';
import type { SealedFile } from './manifest.ts';

/** If its checksum is right, it is whole. The others were compressed by their writers, which may have died before the sealing. */
const compressedBySealing = evidenceFiles.requests;

type Problem = Facts['problems'][number];
/** partial: all rows but some malformed ones, e.g. the last one of a writer that was killed. */
export type Readable = 'whole' | 'partial' | 'not';

/** A database over an evidence folder. Problems with the evidence are collected, never thrown. */
export class EvidenceStore implements Disposable {
  readonly problems: Problem[] = [];
  readonly folder: string;
  /** Files that are byte for byte what the run sealed, with what the manifest says about them. */
  readonly sealed = new Map<string, SealedFile>();
  readonly #database: Database;

  private constructor(folder: string, database: Database) {
    this.folder = folder;
    this.#database = database;
  }

  static async open(folder: string): Promise<EvidenceStore> {
    return new EvidenceStore(folder, await Database.open());
  }

  /** For files that are made from the evidence; removed with the store. */
  get temporaryFolder(): string {
    return this.#database.temporaryFolder;
  }

  /** Makes a table of a query over a csv.gz file, which `from` in the query stands for. What is amiss becomes a problem. */
  async load(file: string, about: Problem['about'], table: string, query: (from: string) => string): Promise<Readable> {
    return await this.read(file, about, (from) => `CREATE TEMP TABLE ${table} AS ${query(from)}`);
  }

  /** Runs a statement over a csv.gz file, which `from` in it stands for. What is amiss becomes a problem. */
  async read(file: string, about: Problem['about'], statement: (from: string) => string): Promise<Readable> {
    const path = join(this.folder, file);
    if (!isFile(path)) {
      this.problems.push({ about, message: `${file} is missing` });
      return 'not';
    }
    const isWhole = this.sealed.has(file) && file === compressedBySealing ? true : isCompleteGzip(path);
    const brokenRows = await this.#database.runOverCsv(path, statement).catch((error: Error) => error);
    if (brokenRows instanceof Error) {
      const line = brokenRows.message.split('\n')[0] ?? '';
      // Without the folders' paths: the same evidence must yield the same words anywhere.
      const reason = line.replaceAll(`${this.folder}/`, '').replaceAll(`${this.temporaryFolder}/`, '');
      this.problems.push({ about, message: `${file} could not be read: ${reason}` });
      return 'not';
    }
    if (!(await isWhole)) {
      this.problems.push({ about, message: `${file} could not be read: it is cut off or damaged` });
      return 'not';
    }
    return this.tellBroken(file, about, brokenRows);
  }

  tellBroken(file: string, about: Problem['about'], brokenRows: number): Readable {
    if (brokenRows === 0) return 'whole';
    this.problems.push({ about, message: `${file} has broken rows: ${brokenRows} could not be read` });
    return 'partial';
  }

  run(sql: string): Promise<void> {
    return this.#database.run(sql);
  }

  rows(sql: string): Promise<Row[]> {
    return this.#database.rows(sql);
  }

  /** One array per column: for tables too long for one object per row. */
  columns(sql: string): Promise<DuckDBValue[][]> {
    return this.#database.columns(sql);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}
