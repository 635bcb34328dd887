import { createInterface } from 'node:readline';
import { TenfoldError } from '../../model/errors.ts';
import { exitCodes } from '../../model/exit-codes.ts';
import { nodeEnvironment } from '../../runtime/child-environment.ts';
import { run, startOwnedNode, stopOwned } from '../../runtime/processes.ts';
import { type Region, regionProgram, regionSchema } from './region-file.ts';

/** Standing up takes at most 10 s on two cores; a loaded machine gets more. */
const startTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;

/** What a region shall be like. */
interface RegionWish {
  without: string[];
  scaledOut: boolean;
  progress: (message: string) => void;
}

/** A region of this process's own: it ends when disposed of, and when this process dies. */
export async function startRegion(
  options: RegionWish & { dir: string; signal: AbortSignal },
): Promise<{ region: Region } & AsyncDisposable> {
  options.signal.throwIfAborted();
  const args = ['up', '--dir', options.dir, '--json', '--lifeline', ...argumentsOf(options)];
  const child = startOwnedNode(regionProgram, args);
  const stop = () => stopOwned(child, 'SIGTERM', stopTimeoutMs);
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    options.progress(line);
  });
  const ready = new Promise<Region>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(regionSchema.parse(JSON.parse(line))));
    void child.ended.then(({ exitCode }) => reject(notUp(exitCode, said)));
    AbortSignal.timeout(startTimeoutMs).addEventListener('abort', () => reject(notUp(null, said)));
    options.signal.addEventListener('abort', () => reject(options.signal.reason));
  });
  try {
    return { region: await ready, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function notUp(exitCode: number | null, said: string[]): TenfoldError {
  const why = said.slice(-12).join('\n') || `no output in ${startTimeoutMs / 1000} s`;
  return new TenfoldError(`the pocket region did not come up:\n${why}`, {
    exitCode: exitCode === exitCodes.invalid ? exitCodes.invalid : exitCodes.inconclusive,
    hint: 'npm run platform -- up reproduces it without a drill',
  });
}

/** Ends a region by its folder, alive or dead, and removes the folder. Does nothing where there is none. */
export async function endRegion(dir: string): Promise<void> {
  const result = await run(process.execPath, [regionProgram, 'down', '--dir', dir], {
    environment: nodeEnvironment(),
    timeoutMs: 30_000,
  });
  if (!result.ok) throw new Error(`could not end the region in ${dir}: ${result.stderr.trim() || result.message}`);
}

/** Stands up a region that outlives this process, as `npm run platform -- up` does. */
export async function keepRegionUp(wish: RegionWish): Promise<void> {
  wish.progress('standing up a pocket region to keep');
  const args = ['up', ...argumentsOf(wish)];
  const result = await run(process.execPath, [regionProgram, ...args], {
    environment: nodeEnvironment(),
    timeoutMs: startTimeoutMs,
  });
  if (!result.ok) throw notUp(result.exitCode, result.stderr.split('\n'));
}

const argumentsOf = ({ without, scaledOut }: RegionWish): string[] => [
  ...(without.length > 0 ? ['--without', without.join(',')] : []),
  ...(scaledOut ? ['--scaled-out'] : []),
];
