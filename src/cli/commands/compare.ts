import { resolve } from 'node:path';
import { judgeStored } from '../../drill/judge-run.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { comparisonLines } from '../../report/compare-terminal.ts';
import { compareRuns } from '../../verdict/compare-runs.ts';
import { hasColour } from '../has-colour.ts';
import { whileJudging } from '../while-judging.ts';

/** Puts two stored runs side by side, both judged anew from their evidence. Writes nothing. */
export async function compareCommand(first: string, second: string, options: { json: boolean }): Promise<ExitCode> {
  const a = await whileJudging(first, judgeStored(resolve(first)), process.stderr);
  const b = await whileJudging(second, judgeStored(resolve(second)), process.stderr);
  const comparison = compareRuns(a, b);
  const text = options.json
    ? JSON.stringify(comparison, null, 2)
    : comparisonLines(comparison, hasColour(process.stdout)).join('\n');
  process.stdout.write(`${text}\n`);
  return comparison.incomparable.length > 0 ? exitCodes.inconclusive : exitCodes.pass;
}
