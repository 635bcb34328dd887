import { readdir } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { judgeStored } from '../../drill/judge-run.ts';
import { invalid } from '../../model/errors.ts';
import { asTyped } from '../../runtime/as-typed.ts';
import { isFile, writeAtomically } from '../../runtime/files.ts';
import { shellWord } from '../../runtime/shell-word.ts';
import { watchDocument } from '../../watch/document.ts';
import { replayOf } from '../../watch/replay.ts';
import { startServer } from '../../watch/server.ts';
import { whileJudging } from '../while-judging.ts';

/** Shows a finished run in the page in which drills are watched, until it is stopped; or writes that page as one file. */
export async function openCommand(
  run: string | undefined,
  options: { reports: string; export?: string },
): Promise<void> {
  const folder = run === undefined ? await newestRun(resolve(options.reports)) : resolve(run);
  const named = relative(process.cwd(), folder) || '.';
  const judged = await whileJudging(named, judgeStored(folder), process.stderr);
  const command = asTyped(`npm run tenfold -- open ${shellWord(named)}`);
  const document = await watchDocument(judged.plan.title, await replayOf(join(folder, 'evidence'), judged, command));
  if (options.export !== undefined) {
    await writeAtomically(resolve(options.export), document.html);
    process.stdout.write(`${options.export}\n`);
    return;
  }
  await using server = await startServer(document);
  process.stdout.write(`${server.url}\n`);
  process.stderr.write(`${named} is shown there until you press Ctrl-C.\n`);
  await stopped();
}

const stopped = (): Promise<void> =>
  new Promise((end) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end());
  });

/** Ids of runs sort by time. */
async function newestRun(reports: string): Promise<string> {
  const drills = await readdir(reports, { withFileTypes: true }).catch(() => []);
  const runs: string[] = [];
  for (const { name } of drills.filter((entry) => entry.isDirectory())) {
    const ids = await readdir(join(reports, name));
    runs.push(...ids.map((id) => join(reports, name, id)).filter((path) => isFile(join(path, 'plan.json'))));
  }
  const newest = runs
    .filter((path) => basename(path) !== 'latest')
    .sort((a, b) => (basename(a) < basename(b) ? 1 : -1))[0];
  if (newest !== undefined) return newest;
  throw invalid(
    `there is no run in ${reports}`,
    'name the folder of a run, or say where runs are with --reports FOLDER',
  );
}
