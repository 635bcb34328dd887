import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../../model/errors.ts';
import { nowMs } from '../../runtime/clock.ts';
import { JsonLines } from '../../runtime/files.ts';
import { deadJournals } from '../../safety/clean-up.ts';
import { pendingUndos } from '../../safety/journal.ts';
import { holderOf, holderText, isHeld } from '../../safety/lock.ts';
import { abandonedFolder, knownPlatforms, lockPathOf, unknownPlatform } from '../../safety/state.ts';

/**
 * Gives up on what a dead drill left on a platform: its lock goes, and its journals are set aside, with the reason. Without a
 * platform it lists those that are known.
 * @throws TenfoldError (invalid) when a drill still uses it.
 */
export async function unlockCommand(platform: string | undefined, { reason }: { reason?: string }): Promise<void> {
  if (platform === undefined) return await listPlatforms();
  // Nothing else: a name leads to files.
  if (!(await knownPlatforms()).includes(platform)) throw unknownPlatform(platform);
  const holder = await holderOf(lockPathOf(platform));
  const journals = await deadJournals(platform);
  if (holder === undefined && journals.length === 0) throw unknownPlatform(platform);
  if (holder && isHeld(holder))
    throw invalid(`${holderText(holder)} is using ${platform}`, 'stop it with Ctrl-C in its terminal');
  if (reason === undefined || reason.trim() === '')
    throw invalid('a reason is needed, and is kept on record', `npm run tenfold -- unlock ${platform} --reason "..."`);
  await mkdir(abandonedFolder(), { recursive: true });
  using log = new JsonLines(join(abandonedFolder(), 'reasons.ndjson'), { durable: true });
  log.append({ atMs: nowMs(), platform, reason, holder: holder ?? null, journals: journals.map(({ name }) => name) });
  for (const { path, name } of journals) await rename(path, join(abandonedFolder(), `${platform}-${name}`));
  await rm(lockPathOf(platform), { force: true });
  const kept = journals.length > 0 ? `; what was not undone is kept in ${abandonedFolder()}` : '';
  process.stdout.write(`${platform} is free${kept}.\n`);
}

async function listPlatforms(): Promise<void> {
  const platforms = await knownPlatforms();
  for (const platform of platforms) {
    const holder = await holderOf(lockPathOf(platform));
    const pending = (await Promise.all((await deadJournals(platform)).map(({ path }) => pendingUndos(path)))).flat();
    const by = holder && `${isHeld(holder) ? 'in use by' : 'left by'} ${holderText(holder)}`;
    process.stdout.write(
      `${platform}  ${by ?? 'free'}${pending.length > 0 ? `, ${pending.length} changes not undone` : ''}\n`,
    );
  }
  if (platforms.length === 0) process.stdout.write('No platform is locked, and nothing is left to undo.\n');
}
