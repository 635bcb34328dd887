import { access, constants } from 'node:fs/promises';
import { basename, extname, relative, resolve } from 'node:path';
import { judgeAgain, judgeRun } from '../../drill/judge-run.ts';
import { invalid } from '../../model/errors.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { type Objectives, objectivesSchema } from '../../model/objectives.ts';
import { problemsIn } from '../../model/problems-in.ts';
import { readAtMost } from '../../runtime/files.ts';
import { sayVerdict } from '../say-verdict.ts';
import { whileJudging } from '../while-judging.ts';

/** Judges a stored run again from its evidence and writes its verdict and reports anew, or beside it by other objectives. */
export async function analyzeCommand(
  runFolder: string,
  options: { json: boolean; objectives?: string },
): Promise<ExitCode> {
  const folder = resolve(runFolder);
  await refuseReadOnly(folder, runFolder);
  if (options.objectives === undefined) {
    const judged = await whileJudging(runFolder, judgeRun(folder, { withReports: true }), process.stderr);
    sayVerdict(judged, folder, options);
    return exitCodes[judged.verdict.outcome];
  }
  const objectives = await readObjectives(options.objectives);
  const judging = judgeAgain(folder, objectives, nameOf(options.objectives));
  const again = await whileJudging(runFolder, judging, process.stderr);
  sayVerdict(again.judged, again.folder, options);
  process.stderr.write(
    `Judged by ${options.objectives}. Written to ${relative(process.cwd(), again.folder)}/; the run's own verdict is unchanged.\n`,
  );
  return exitCodes[again.judged.verdict.outcome];
}

/** Said before a minute of judging. A folder that is not there is told by what looks for a plan in it. */
async function refuseReadOnly(folder: string, named: string): Promise<void> {
  await access(folder, constants.W_OK).catch(({ code }: NodeJS.ErrnoException) => {
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    throw invalid(
      `${named} is not writable (${code}): verdict and reports go there`,
      'make it writable, or judge a copy of it',
    );
  });
}

/** A name for a folder: that of the file, without dots that would lead elsewhere. */
const nameOf = (file: string): string => basename(file, extname(file)).replace(/^\.+/, '') || 'objectives';

/** A few kilobytes, as a rule. */
const maxObjectivesBytes = 1_000_000;

/** @throws TenfoldError (invalid) with everything that is wrong with the file. */
async function readObjectives(file: string): Promise<Partial<Objectives>> {
  const hint =
    'give a JSON object with some or all objectives of a plan.json: {"latency": [...], "recovery": [...], ...}';
  const text = await readAtMost(file, maxObjectivesBytes).catch((error: NodeJS.ErrnoException) => {
    throw invalid(
      error.code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${error.message}`,
      hint,
    );
  });
  const parsed = objectivesSchema.partial().safeParse(jsonOf(text, file, hint));
  if (!parsed.success) throw invalid([`${file} does not hold objectives:`, problemsIn(parsed.error)], hint);
  if (Object.keys(parsed.data).length === 0) throw invalid(`${file} names no objective`, hint);
  // zod types a key that is left out as undefined; there is none.
  return parsed.data as Partial<Objectives>;
}

function jsonOf(text: string, file: string, hint: string): unknown {
  try {
    // As Notepad and PowerShell save it.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(`${file} is not JSON: ${(error as Error).message}`, hint);
  }
}
