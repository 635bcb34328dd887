import { createHash } from 'node:crypto';
import { invalid } from '../model/errors.ts';
import type { Runbook } from '../model/runbook.ts';
import { readAtMost } from '../runtime/files.ts';
import { parseRunbook } from './parse-runbook.ts';

/** Those who watch are sent the whole of it. */
const mostBytes = 64 * 1024;

/**
 * Reads the runbook of a drill.
 * @param file what it is called where it is named
 * @throws TenfoldError (invalid) with all that is wrong with it
 */
export async function readRunbook(path: string, file: string): Promise<Runbook> {
  const hint = 'docs/RUNBOOKS.md says how a runbook is written';
  const text = await readAtMost(path, mostBytes).catch((error: Error) => {
    throw invalid(`the runbook ${file} cannot be read: ${error.message}`, hint);
  });
  const { title, steps, problems } = parseRunbook(text);
  if (problems.length > 0) throw invalid([`${file} is not a runbook:`, ...problems.map((line) => `  ${line}`)], hint);
  return { file, sha256: createHash('sha256').update(text).digest('hex'), title, steps };
}
