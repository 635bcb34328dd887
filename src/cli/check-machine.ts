import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { fewestDescriptors, judgeDescriptors, raiseDescriptors } from '../doctor/descriptors.ts';
import { ownLimits } from '../doctor/limits.ts';
import { invalid, type TenfoldError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { virtualUsersOf } from '../plan/make-plan.ts';
import { troubleWriting } from '../runtime/trouble-writing.ts';
import { stateFolder } from '../safety/state.ts';

/** What is amiss with this machine, or with what the environment says of it; undefined when nothing is. */
type Look = () => Promise<TenfoldError | undefined>;

/** Locks and journals that cannot be read may hold what is to be undone: nothing is said of them then. */
const stateReadable: Look = async () => {
  const folder = stateFolder();
  if (!isAbsolute(folder))
    return invalid(`locks and journals would be in ${folder}, which depends on the current folder`, stateHint);
  const { code } = await readdir(folder).then(
    () => ({ code: undefined }),
    (error: NodeJS.ErrnoException) => error,
  );
  if (code === undefined || code === 'ENOENT') return undefined;
  return invalid(`locks and journals cannot be read in ${folder}: ${code}`, stateHint);
};
const stateHint = 'set XDG_STATE_HOME or HOME to the absolute path of a folder that you own';

const stateWritable: Look = async () => {
  const trouble = await troubleWriting(stateFolder());
  return trouble === undefined
    ? undefined
    : invalid(`locks and journals cannot be written to ${stateFolder()}: ${trouble}`, stateHint);
};

const temporaryFolder: Look = async () => {
  const folder = tmpdir();
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const trouble = isThere ? await troubleWriting(folder) : 'there is no such folder';
  return trouble === undefined
    ? undefined
    : invalid(
        `temporary files cannot be written to ${folder}: ${trouble}`,
        'set TMPDIR to a writable folder, or unset it',
      );
};

const openFiles: Look = async () => {
  const { openFiles: most } = ownLimits();
  return most >= fewestDescriptors
    ? undefined
    : invalid(
        `a process may have only ${most} files open here; a drill needs at least ${fewestDescriptors}`,
        `${raiseDescriptors(fewestDescriptors)}; npm run tenfold -- doctor says what the traffic needs`,
      );
};

/** What reading the evidence back takes; Node's default is more. */
const leastHeapBytes = 256 * 2 ** 20;

const heap: Look = async () => {
  const { heap_size_limit: bytes } = getHeapStatistics();
  return bytes >= leastHeapBytes
    ? undefined
    : invalid(
        `Node may use only ${Math.round(bytes / 2 ** 20)} MB here; judging needs ${leastHeapBytes / 2 ** 20} MB`,
        'remove --max-old-space-size from NODE_OPTIONS, or raise it',
      );
};

const drilling = [stateReadable, stateWritable, temporaryFolder, openFiles, heap];
const judging = [temporaryFolder, heap];
const looks: Record<string, Look[]> = {
  run: drilling,
  capacity: drilling,
  prove: drilling,
  review: drilling,
  analyze: judging,
  compare: judging,
  open: judging,
  export: judging,
  plan: [stateReadable],
  stop: [stateReadable],
  cleanup: [stateReadable],
  unlock: [stateReadable],
};

/** @throws TenfoldError (invalid) with what keeps a command from working here, before it starts anything. */
export async function checkMachine(command: string): Promise<void> {
  for (const look of looks[command] ?? []) {
    const error = await look();
    if (error) throw error;
  }
}

/**
 * Before a plan's traffic is started: the shop's part counts where the shop is on this machine.
 * @throws TenfoldError (invalid) where a process may have too few files open for it
 */
export function checkTraffic({ profile, checkoutShare }: Plan, isShopHere: boolean): void {
  const { browseVus, buyVus } = virtualUsersOf(profile, checkoutShare);
  const { outcome, message, remedy } = judgeDescriptors(ownLimits().openFiles, browseVus + buyVus, isShopHere);
  if (outcome === 'problem') throw invalid(message, remedy);
}
