import { hostname } from 'node:os';
import { deadJournals, isJournalGone, journalGoneHint } from '../safety/clean-up.ts';
import { pendingUndos } from '../safety/journal.ts';
import { holderOf, holderText, isHeld, type LockHolder } from '../safety/lock.ts';
import { knownPlatforms, lockPathOf } from '../safety/state.ts';
import type { Answer, Check } from './check.ts';
import { refused } from './refused.ts';

const cleanUp = 'npm run tenfold -- cleanup undoes it; so does the next drill there';

/** Drills that run now, and what those left that died: locks, and changes that are not undone. */
export const leftovers: Check = {
  id: 'leftovers',
  title: 'Leftovers',
  async run(context) {
    const own = await context.site().then(
      ({ platform }) => platform,
      () => undefined,
    );
    const platforms = await knownPlatforms();
    const answers = await Promise.all(platforms.map((name) => leftOn(name, name === own).catch(refused)));
    if (answers.flat().length > 0) return answers.flat();
    return [{ outcome: 'ok', message: 'no drill is running, and none left anything to undo' }];
  },
};

/** @param isOurs it is the platform of the drills that are asked about. @throws TenfoldError (invalid), see `holderOf`. */
export async function leftOn(platform: string, isOurs: boolean): Promise<Answer[]> {
  const holder = await holderOf(lockPathOf(platform));
  if (holder && isHeld(holder)) return inUse(platform, holder, isOurs);
  if (holder && isJournalGone(platform, holder)) return [lost(platform, holder, isOurs)];
  const journals = await deadJournals(platform);
  const changes = (await Promise.all(journals.map(({ path }) => pendingUndos(path)))).flat().length;
  if (holder === undefined && changes === 0) return [];
  const by = holder ? `drill ${holder.runId} died while using ${platform}` : `drills died while using ${platform}`;
  return [
    { outcome: 'warning', message: `${by}; not undone: ${changes} change${changes === 1 ? '' : 's'}`, remedy: cleanUp },
  ];
}

function inUse(platform: string, holder: LockHolder, isOurs: boolean): Answer[] {
  // One elsewhere takes nothing from this machine.
  if (!isOurs && holder.host !== hostname()) return [];
  return [
    {
      outcome: isOurs ? 'problem' : 'warning',
      message: `${holderText(holder)} is using ${platform}${isOurs ? '' : ', and takes CPU time from others'}`,
      remedy: 'wait for it to end, or stop it with Ctrl-C in its terminal',
    },
  ];
}

const lost = (platform: string, { runId }: LockHolder, isOurs: boolean): Answer => ({
  outcome: isOurs ? 'problem' : 'warning',
  message: `drill ${runId} died while using ${platform}, and its journal is gone: what it changed is unknown`,
  remedy: journalGoneHint(platform),
});
