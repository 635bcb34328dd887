import { createWriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { makeColumnar } from '../analysis/columnar.ts';
import type { Manifest } from '../analysis/manifest.ts';
import { evidenceFiles, orderColumns } from '../model/evidence.ts';
import type { StoredOrder } from '../model/facets.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';
import { checksum, gzipCsvs, writeJson } from '../runtime/files.ts';

const isLiveCsv = (name: string): boolean => /^k6(-\d+)?\.csv$/.test(name);

/** k6 writes here, uncompressed, one file per process; sealing turns them into evidenceFiles.requests. */
export const liveCsvs = (evidenceFolder: string, workers = 1): string[] =>
  Array.from({ length: workers }, (_, index) => join(evidenceFolder, workers === 1 ? 'k6.csv' : `k6-${index + 1}.csv`));

/** Stores the orders that the database holds. */
export async function writeOrders(evidenceFolder: string, orders: StoredOrder[]): Promise<void> {
  const rows = orders.map(
    ({ key, orderId, createdAtUs, lines, totalCents }) =>
      `${key},${orderId},${createdAtUs},${lines ?? ''},${totalCents ?? ''}\n`,
  );
  const file = createWriteStream(join(evidenceFolder, evidenceFiles.orders));
  await pipeline(Readable.from([`${orderColumns.join(',')}\n`, ...rows]), createGzip(), file);
}

/** An order that a shopper gave up on may still commit, so orders are read until none has come in for a while. */
const quiet = { forMs: 1_000, atMostMs: 10_000 };

/** The orders that are there once no more come in; `settled` is false if they still did at the end of the wait. */
export async function readSettled(
  read: () => Promise<StoredOrder[]>,
  { forMs, atMostMs } = quiet,
): Promise<{ orders: StoredOrder[]; settled: boolean }> {
  const deadlineMs = nowMs() + atMostMs;
  let orders = await read();
  while (nowMs() < deadlineMs) {
    await sleepMs(forMs);
    const again = await read();
    if (again.length === orders.length) return { orders: again, settled: true };
    orders = again;
  }
  return { orders, settled: false };
}

/**
 * Compresses what is left uncompressed, puts k6's samples into columns beside their CSV and writes the manifest of checksums:
 * from here on evidence does not change.
 */
export async function sealEvidence(evidenceFolder: string): Promise<void> {
  const csvs = (await readdir(evidenceFolder)).filter(isLiveCsv).sort();
  if (csvs.length > 0) {
    await gzipCsvs(
      csvs.map((name) => join(evidenceFolder, name)),
      join(evidenceFolder, evidenceFiles.requests),
    );
  }
  for (const made of [evidenceFiles.manifest, evidenceFiles.columnar])
    await rm(join(evidenceFolder, made), { force: true });
  const columnar = await makeColumnar(evidenceFolder);
  const names = (await readdir(evidenceFolder)).sort();
  const files: Manifest['files'] = {};
  for (const name of names) files[name] = await checksum(join(evidenceFolder, name));
  const [made, madeOf] = [files[evidenceFiles.columnar], files[evidenceFiles.requests]];
  if (made && madeOf && columnar) made.columnar = { madeOf: madeOf.sha256, ...columnar };
  await writeJson(join(evidenceFolder, evidenceFiles.manifest), { files } satisfies Manifest);
}
