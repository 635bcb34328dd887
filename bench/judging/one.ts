/**
 * One measurement in a process of its own, so that its memory is its own: `node one.ts duckdb|seal|judge|judge-run RUN_FOLDER`; judge-run also writes the
 * verdict.
 * Prints a Cost as JSON.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { sealEvidence } from '../../src/drill/evidence.ts';
import { judgeRun, judgeStored } from '../../src/drill/judge-run.ts';
import { evidenceFiles } from '../../src/model/evidence.ts';

const [, , what, folder = ''] = process.argv;
const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
const result = await (what === 'duckdb'
  ? duckdbAlone()
  : what === 'seal'
    ? seal()
    : judge(what === 'judge-run' ? judgeRun : judgeStored));
const wallMs = performance.now() - startMs;
const { user, system } = process.cpuUsage(startCpu);
process.stdout.write(
  JSON.stringify({ wallMs, cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024, result }),
);

/** The least work for a percentile of the calls: read the file, and sort their times. */
async function duckdbAlone(): Promise<string> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const file = join(folder, 'evidence', evidenceFiles.requests);
  const reader = await connection.runAndReadAll(`SELECT count(*)::DOUBLE AS calls,
    quantile_disc(metric_value, [0.5, 0.95, 0.99]) FROM read_csv('${file}') WHERE metric_name = 'tenfold_call'`);
  return `${reader.getRows()[0]?.[0]} calls`;
}

/** What sealing adds to k6's CSV: its samples in columns, and the checksums. */
async function seal(): Promise<string> {
  const evidence = join(folder, 'evidence');
  await sealEvidence(evidence);
  const { size } = await stat(join(evidence, evidenceFiles.columnar));
  return `${(size / 2 ** 20).toFixed(0)} MB of columns`;
}

/** The whole judgement: checksums, probes, orders, every finding. */
async function judge(by: typeof judgeStored | typeof judgeRun): Promise<string> {
  const { verdict, facts } = await by(folder);
  const calls = facts.calls.reduce((sum, fact) => (fact.calls === 'all' ? sum + fact.count : sum), 0);
  return `${calls} calls, ${verdict.findings.length} findings, ${verdict.outcome}`;
}
