import { readFile } from 'node:fs/promises';

/** The last lines of a log, for a message about what wrote it. */
export async function logEnd(file: string, lines = 10): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n') || '(empty)';
}
