import { join, relative, resolve } from 'node:path';
import { judgeStored } from '../../drill/judge-run.ts';
import { asTyped } from '../../runtime/as-typed.ts';
import { writeAtomically } from '../../runtime/files.ts';
import { shellWord } from '../../runtime/shell-word.ts';
import { watchDocument } from '../../watch/document.ts';
import { replayOf } from '../../watch/replay.ts';
import { startServer } from '../../watch/server.ts';
import { runFolderOf } from '../newest-run.ts';
import { whileJudging } from '../while-judging.ts';

/** Shows a finished run in the page in which drills are watched, until it is stopped; or writes that page as one file. */
export async function openCommand(
  run: string | undefined,
  options: { reports: string; export?: string },
): Promise<void> {
  const folder = await runFolderOf(run, options.reports);
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
