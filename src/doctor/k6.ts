import { neededGo, noK6, onPath, pinnedVersion } from '../load/find-k6.ts';
import { rootFolder, run } from '../runtime/processes.ts';
import type { Answer, Check, Context } from './check.ts';
import { refused } from './refused.ts';

const goTimeoutMs = 20_000;
/** From this one on Go fetches a newer one by itself, where it may. */
const fetchingMinor = 21;

/** The load generator: where it is, or whether the first drill can build it. Nothing is built here. */
export const k6: Check = {
  id: 'k6',
  title: 'k6',
  async run(context) {
    try {
      const { k6: found, tried } = await context.k6();
      if (found === undefined) return [judgeGo(await lookForGo(), tried)];
      const tested = found.version === pinnedVersion ? '' : `, tested with ${pinnedVersion}`;
      return [{ outcome: 'ok', message: `k6 ${found.version} at ${found.path} (${found.from})${tested}` }];
    } catch (error) {
      return refused(error);
    }
  },
};

/** Whether a drill would build k6. One that is named and will not do is not replaced. */
export const wouldBuildK6 = (context: Pick<Context, 'k6'>): Promise<boolean> =>
  context.k6().then(
    ({ k6: found }) => found === undefined,
    () => false,
  );

export interface Go {
  version: string;
  /** Whether it may fetch a newer one. */
  mayFetch: boolean;
}

/** The Go on the PATH, as it is: in the folder of a module that needs a newer one it would fetch that at once. */
async function lookForGo(): Promise<Go | undefined> {
  const go = await onPath('go');
  if (go === undefined) return undefined;
  const ask = (args: string[], env: Record<string, string>) =>
    run(go, args, { cwd: rootFolder, env, timeoutMs: goTimeoutMs });
  const { stdout } = await ask(['version'], { GOTOOLCHAIN: 'local' });
  const version = /\bgo(\d+\.\d+\S*)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${go} does not report its version`);
  return { version, mayFetch: (await ask(['env', 'GOTOOLCHAIN'], {})).stdout.trim() !== 'local' };
}

export function judgeGo(go: Go | undefined, tried: string[]): Answer {
  const needed = `${neededGo.major}.${neededGo.minor}`;
  if (go === undefined) {
    const [answer] = refused(noK6([...tried, 'Go: there is no go on the PATH to build k6 with']));
    return answer as Answer;
  }
  const [major = 0, minor = 0] = go.version.split('.').map((part) => Number.parseInt(part, 10));
  const isNew = major > neededGo.major || (major === neededGo.major && minor >= neededGo.minor);
  const canBeNew = go.mayFetch && (major > 1 || minor >= fetchingMinor);
  if (!isNew && !canBeNew)
    return {
      outcome: 'problem',
      message: `there is no k6, and Go ${go.version} is too old to build it: it needs ${needed}`,
      remedy: `install k6 2.x and put it on the PATH, set K6_PATH, or install Go ${needed}`,
    };
  return {
    outcome: 'warning',
    message:
      `there is no k6: the first drill builds ${pinnedVersion} once with Go ${go.version}, in a minute or two` +
      `${isNew ? '' : `, for which Go fetches ${needed} first`}; its modules come from the network`,
    remedy: 'install k6 2.x and put it on the PATH to avoid the build',
  };
}
