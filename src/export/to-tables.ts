import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted } from '../analysis/database.ts';
import type { EvidenceStore } from '../analysis/evidence-store.ts';
import { makeFolder } from '../runtime/files.ts';
import { allLabels, seriesNameOf } from './catalogue.ts';
import { checkFolder, type Exporter } from './exporter.ts';
import type { StoredRun } from './stored-run.ts';

/** Tables for a notebook; instants are UTC, to the microsecond. */
export const toTables = (format: 'csv' | 'parquet'): Exporter => ({
  check: checkFolder,
  async write(run, to) {
    await makeFolder(to);
    const tables = await tablesOf(run);
    const how = format === 'csv' ? '(FORMAT csv, HEADER)' : '(FORMAT parquet, COMPRESSION zstd)';
    for (const [name, query] of Object.entries(tables))
      await run.store.run(`COPY (${query}) TO ${quoted(join(to, `${name}.${format}`))} ${how}`);
    return Object.keys(tables)
      .map((name) => join(to, `${name}.${format}`))
      .join('\n');
  },
});

const instant = (us: string, name: string) => `make_timestamp(${us}::BIGINT) AS ${name}`;

/** A query for each table. Without calls, or without probes, there is no table of them. */
async function tablesOf(run: StoredRun): Promise<Record<string, string>> {
  const { store, snapshots, events, hasCalls, hasProbes } = run;
  const numbers = snapshots.flatMap(({ atMs, samples }) =>
    samples.map(({ metric, labels, value }) => ({
      at_us: atMs * 1_000,
      metric: seriesNameOf(metric),
      ...labels,
      value,
    })),
  );
  const told = events.map(({ atMs, ...event }) => ({ at_us: Math.round(atMs * 1_000), ...event }));
  const labels = allLabels.map((name) => `"${name}"`);
  const [series, eventRows] = [
    await rowsFrom(store, 'series', numbers, { metric: 'VARCHAR', ...asText(allLabels), value: 'DOUBLE' }),
    await rowsFrom(store, 'events', told, asText(['name', 'severity', 'text'])),
  ];
  return {
    series: `SELECT ${instant('at_us', 'time')}, metric, ${labels.join(', ')}, value FROM ${series} ORDER BY metric, ${labels.join(', ')}, at_us`,
    events: `SELECT ${instant('at_us', 'time')}, name, severity, text FROM ${eventRows} ORDER BY at_us`,
    ...(hasCalls && {
      calls: `SELECT ${instant('start_us', 'time')}, path, op, phase, wall_us / 1000.0 AS wall_ms, failed, bad, first_try
        FROM shown ORDER BY start_us, end_us, op`,
    }),
    ...(hasProbes && {
      probes: `SELECT ${instant('intended_us', 'time')}, lane, path, via, replica, zone, connection,
          (end_us - sent_us) / 1000.0 AS wall_ms, (sent_us - intended_us) / 1000.0 AS late_ms, failed
        FROM probes ORDER BY intended_us, lane`,
    }),
  };
}

const asText = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'VARCHAR']));

/** SQL for rows that are plain objects, each with an `at_us`; what one lacks is NULL. */
async function rowsFrom(
  store: EvidenceStore,
  name: string,
  rows: readonly object[],
  columns: Record<string, string>,
): Promise<string> {
  const path = join(store.temporaryFolder, `${name}.ndjson`);
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const types = Object.entries({ at_us: 'BIGINT', ...columns }).map(([column, type]) => `"${column}": ${quoted(type)}`);
  return `read_json(${quoted(path)}, format = 'newline_delimited', columns = {${types.join(', ')}})`;
}
