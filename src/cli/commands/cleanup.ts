import { resolve } from 'node:path';
import { invalid } from '../../model/errors.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { nowMs } from '../../runtime/clock.ts';
import { newRunId } from '../../runtime/random.ts';
import { judgingFolder, sweepTempFolders } from '../../runtime/temp-folder.ts';
import { cleanUp, dirtyError, leftError } from '../../safety/clean-up.ts';
import { livesHere, ownerOf, pendingUndos, undoPending } from '../../safety/journal.ts';
import { journalCopyIn, knownPlatforms } from '../../safety/state.ts';
import { sayError } from '../say-error.ts';
import { undoers } from '../wire.ts';

/**
 * Undoes what drills left that died: on every platform that is known to this user, or of one run from the journal in its folder,
 * which may come from another machine. Undoing twice does no harm.
 */
export async function cleanupCommand(runFolder: string | undefined): Promise<ExitCode> {
  const runId = `cleanup-${newRunId(nowMs())}`;
  sweepTempFolders(judgingFolder);
  if (runFolder !== undefined) return await cleanUpRun(runFolder, runId);
  let worst: ExitCode = exitCodes.pass;
  const undone: string[] = [];
  const left: string[] = [];
  const undoing = undoers((words) => void left.push(words));
  for (const platform of await knownPlatforms()) {
    try {
      undone.push(...(await cleanUp(platform, undoing, runId)).map((run) => `${run} on ${platform}`));
    } catch (error) {
      // One that is in use, or cannot be mended, keeps no other from it.
      process.stderr.write(`${platform}:\n`);
      worst = Math.max(worst, sayError(error)) as ExitCode;
    }
  }
  say(undone);
  const error = leftError(left);
  return error ? (Math.max(worst, sayError(error)) as ExitCode) : worst;
}

async function cleanUpRun(runFolder: string, runId: string): Promise<ExitCode> {
  const journal = journalCopyIn(resolve(runFolder));
  const owner = await ownerOf(journal);
  if (owner === undefined)
    throw invalid(`${runFolder} has no drill journal`, 'give the folder of a run: reports/<drill>/<run-id>');
  if (livesHere(owner))
    throw invalid(
      `the drill ${owner.runId} (process ${owner.pid}) is still running`,
      'stop it with Ctrl-C in its terminal',
    );
  const left: string[] = [];
  const undoing = undoers((words) => void left.push(words));
  const here = await cleanUp(owner.platform, undoing, runId);
  const pending = await pendingUndos(journal);
  const error = dirtyError(await undoPending(journal, undoing));
  if (error) throw error;
  say([...new Set([...here, ...(pending.length > 0 ? [owner.runId] : [])])]);
  const notAsBefore = leftError([...new Set(left)]);
  if (notAsBefore) throw notAsBefore;
  return exitCodes.pass;
}

const say = (undone: string[]): boolean =>
  process.stdout.write(
    undone.length === 0
      ? 'Nothing was left to undo.\n'
      : undone.map((run) => `Undone: the changes of ${run}.\n`).join(''),
  );
