import { resolve } from 'node:path';
import { judgeRun } from '../../drill/judge-run.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { sayVerdict } from '../say-verdict.ts';

/** Judges a stored run again from its evidence and writes its verdict and reports anew. */
export async function analyzeCommand(runFolder: string, options: { json: boolean }): Promise<ExitCode> {
  const folder = resolve(runFolder);
  const judged = await judgeRun(folder, { withReports: true });
  sayVerdict(judged, folder, options);
  return exitCodes[judged.verdict.outcome];
}
