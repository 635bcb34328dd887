import { appendFile, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Annotation, workflowCommands } from '../report/github/annotations.ts';
import { cutSummary, mostSummaryBytes } from '../report/github/cut-summary.ts';
import { isFile } from '../runtime/files.ts';
import { extension, rootFolder } from '../runtime/processes.ts';

/**
 * In a job of GitHub Actions: appends a summary to the page of the job, and annotates what did not pass. None of it changes how this
 * command ends.
 * @param folder where the summary.md is
 */
export async function tellGithub(
  folder: string,
  annotations: readonly Annotation[],
  stderr: NodeJS.WritableStream,
): Promise<void> {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY: page } = process.env;
  // The runner reads commands from both streams; stdout may be somebody's JSON.
  if (GITHUB_ACTIONS === 'true') for (const line of workflowCommands(annotations)) stderr.write(`${line}\n`);
  if (!page) return;
  try {
    await appendSummary(page, join(folder, 'summary.md'));
  } catch (error) {
    stderr.write(`the job summary was not written: ${(error as Error).message}\n`);
  }
}

/** Several commands of a step share its summary. */
async function appendSummary(page: string, file: string): Promise<void> {
  const written = await stat(page).then(
    ({ size }) => size,
    () => 0,
  );
  const text = cutSummary(await readFile(file, 'utf8'), mostSummaryBytes - written - 1, relative(process.cwd(), file));
  if (text !== '') await appendFile(page, `${text}\n`);
}

/** The file of a drill in the repository that is checked out; null where it is in none, as in a package. */
export function fileOfDrill(drill: string, config: string | undefined): string | null {
  const own = join(rootFolder, 'scenarios', drill + extension);
  const path = isFile(own) ? own : config;
  if (path === undefined) return null;
  const file = relative(process.env.GITHUB_WORKSPACE ?? process.cwd(), path);
  return file.startsWith('..') ? null : file;
}
