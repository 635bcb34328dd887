/**
 * One measurement in a process of its own, so that its memory is its own: `node one.ts duckdb|tenfold RUN_FOLDER`.
 * Prints a Cost as JSON.
 */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { judgeStored } from '../../src/drill/judge-run.ts';
import { evidenceFiles } from '../../src/model/evidence.ts';

const [, , what, folder = ''] = process.argv;
const startMs = performance.now();
const result = what === 'duckdb' ? await duckdbAlone() : await tenfold();
const wallMs = performance.now() - startMs;
const { user, system } = process.cpuUsage();
process.stdout.write(
  JSON.stringify({ wallMs, cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024, result }),
);

/** The least that has to be done to say a percentile of the calls: read the file, and sort their times. */
async function duckdbAlone(): Promise<string> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const file = join(folder, 'evidence', evidenceFiles.requests);
  const reader = await connection.runAndReadAll(`SELECT count(*)::DOUBLE AS calls,
    quantile_disc(metric_value, [0.5, 0.95, 0.99]) FROM read_csv('${file}') WHERE metric_name = 'tenfold_call'`);
  return `${reader.getRows()[0]?.[0]} calls`;
}

/** The whole judgement: checksums, probes, orders, every finding. */
async function tenfold(): Promise<string> {
  const { verdict, facts } = await judgeStored(folder);
  const calls = facts.calls.reduce((sum, fact) => (fact.calls === 'all' ? sum + fact.count : sum), 0);
  return `${calls} calls, ${verdict.findings.length} findings, ${verdict.outcome}`;
}
