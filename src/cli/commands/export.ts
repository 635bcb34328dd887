import { relative, resolve } from 'node:path';
import { judgeStored } from '../../drill/judge-run.ts';
import { exporters } from '../../export/exporters.ts';
import type { ExportFormat } from '../../export/formats.ts';
import { readStoredRun } from '../../export/stored-run.ts';
import { runFolderOf } from '../newest-run.ts';
import { whileJudging } from '../while-judging.ts';

export interface ExportOptions {
  format: ExportFormat;
  to: string;
  reports: string;
}

/** Writes a finished run for another tool, from its evidence. */
export async function exportCommand(run: string | undefined, { format, to, reports }: ExportOptions): Promise<void> {
  const exporter = exporters[format];
  // Before a minute of judging.
  await exporter.check(to);
  const folder = await runFolderOf(run, reports);
  const named = relative(process.cwd(), folder) || '.';
  const judged = await whileJudging(named, judgeStored(folder), process.stderr);
  using stored = await readStoredRun(resolve(folder), named, judged);
  for (const problem of stored.missing) process.stderr.write(`left out: ${problem}\n`);
  process.stdout.write(`${await exporter.write(stored, to)}\n`);
}
