import { getPriority, setPriority, tmpdir } from 'node:os';
import { canEnter } from '../runtime/can-enter.ts';
import { run } from '../runtime/processes.ts';
import type { Answer, Check } from './check.ts';

/** Of k6 and the sentinel: src/runtime/processes.ts. */
const instrumentsPriority = -10;

/** As whom drills run: what they may take for themselves, and whom PostgreSQL can run as. */
export const privileges: Check = {
  id: 'privileges',
  title: 'Privileges',
  run: async ({ standsUp }) => [
    judgePriority(mayGoFirst()),
    ...(standsUp && process.getuid?.() === 0 ? [await postgresUser(tmpdir())] : []),
  ],
};

/** Tries it, and takes it back: root in a container may not, and a user may be allowed to. */
function mayGoFirst(): boolean {
  const own = getPriority();
  if (own <= instrumentsPriority) return true;
  try {
    setPriority(instrumentsPriority);
    setPriority(own);
    return true;
  } catch {
    return false;
  }
}

export const judgePriority = (mayGoFirst: boolean): Answer =>
  mayGoFirst
    ? { outcome: 'ok', message: 'k6 and the sentinel get the CPU before other programs' }
    : {
        outcome: 'warning',
        message:
          'k6 and the sentinel wait for the CPU like all programs, and seconds in which they are late make no finding pass',
        remedy: `run as root, as in a container, or allow the user a nice value of ${instrumentsPriority} (limits.conf: - nice ${instrumentsPriority})`,
      };

/** PostgreSQL refuses to run as root, and so a region runs it as `nobody`, who has to get at its folder. */
export async function postgresUser(folder: string): Promise<Answer> {
  const idOf = async (flag: string) => Number((await run('id', [flag, 'nobody'])).stdout || Number.NaN);
  const user = { uid: (await idOf('-u')) | 0, gid: (await idOf('-g')) | 0 };
  if (user.uid === 0)
    return {
      outcome: 'problem',
      message: 'PostgreSQL does not run as root, and there is no user nobody to run it as',
      remedy: 'run as a user other than root',
    };
  // macOS: nobody is -2, which is how Node takes it.
  if (canEnter(folder, user))
    return { outcome: 'ok', message: 'PostgreSQL, which does not run as root, runs as nobody' };
  return {
    outcome: 'problem',
    message: `PostgreSQL does not run as root, and the user nobody cannot enter ${folder}: it is private, or a folder above it is`,
    remedy: 'set TMPDIR to a folder that everyone can enter, such as /tmp, or run as a user other than root',
  };
}
