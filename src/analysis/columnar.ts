import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceFiles, k6Metrics } from '../model/evidence.ts';
import { fingerprint } from '../runtime/files.ts';
import { Database, quoted, readParquet } from './database.ts';
import type { EvidenceStore, Readable } from './evidence-store.ts';
import type { Columnar } from './manifest.ts';

/*
 * k6's CSV in columns: the samples that are judged, with numbers as numbers (NULL where they are none) and text as it is.
 * Judging always reads the columns. They are made once, when a run is sealed; without them, each time a run is judged.
 */
const csv = evidenceFiles.requests;
const metrics = [...Object.values(k6Metrics), 'dropped_iterations', 'vus'];
const query = (from: string): string => `
  SELECT metric_name AS metric, TRY_CAST(timestamp AS BIGINT) AS end_us, TRY_CAST(metric_value AS DOUBLE) AS value,
    coalesce(extra_tags, '') AS tags, coalesce(metadata, '') AS metadata
  FROM ${from} WHERE metric_name IN (${metrics.map(quoted).join(', ')})`;

/** What made a columnar file: it is read only if this version would make the same one. */
const madeBy = fingerprint(query('csv'));

const convert = (to: string) => (from: string) =>
  `COPY (${query(from)}) TO ${quoted(to)} (FORMAT parquet, COMPRESSION zstd)`;

/** Makes a folder's columnar file. Null, and no file, where that fails: judging will say why. */
export async function makeColumnar(evidenceFolder: string): Promise<Omit<Columnar, 'madeOf'> | null> {
  const path = join(evidenceFolder, evidenceFiles.columnar);
  using database = await Database.open();
  try {
    return { madeBy, brokenRows: await database.runOverCsv(join(evidenceFolder, csv), convert(path)) };
  } catch {
    await rm(path, { force: true });
    return null;
  }
}

/** Makes the view `raw_samples` of k6's samples: from the columns that were sealed with the CSV, otherwise from the CSV. */
export async function viewSamples(store: EvidenceStore): Promise<Readable> {
  const sealed = store.sealed.get(evidenceFiles.columnar)?.columnar;
  if (sealed?.madeBy === madeBy && sealed.madeOf === store.sealed.get(csv)?.sha256) {
    const isView = view(store, join(store.folder, evidenceFiles.columnar)).then(
      () => true,
      () => false,
    );
    if (await isView) return store.tellBroken(csv, 'load', sealed.brokenRows);
  }
  const made = join(store.temporaryFolder, evidenceFiles.columnar);
  const readable = await store.read(csv, 'load', convert(made));
  if (readable !== 'not') await view(store, made);
  return readable;
}

const view = (store: EvidenceStore, path: string): Promise<void> =>
  store.run(`CREATE TEMP VIEW raw_samples AS SELECT metric, end_us, value, tags, metadata FROM ${readParquet(path)}`);
