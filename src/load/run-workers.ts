import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LoadSpec } from '../model/load-spec.ts';
import { writeJson } from '../runtime/files.ts';
import { authorities } from '../runtime/way.ts';
import type { K6 } from './find-k6.ts';
import { type K6End, type K6Run, type RunningK6, runK6 } from './run-k6.ts';
import { openStartLine, type StartLine } from './start-line.ts';

export interface LoadRun extends Omit<K6Run, 'csvPath' | 'authoritiesFile'> {
  /** Written to `specFile`, which stays. */
  spec: LoadSpec;
  /** One for each process. */
  csvPaths: string[];
}

/**
 * Runs a schedule in as many k6 processes as there are files to write to, as if they were one: by execution segments
 * each iteration of the schedule is run by exactly one of them, under the number that it would have in one process.
 * They start at the same millisecond. They have ended when all have, or when one has failed.
 */
export async function runWorkers(k6: K6, { spec, csvPaths, ...run }: LoadRun): Promise<RunningK6> {
  await using stack = new AsyncDisposableStack();
  const count = csvPaths.length;
  const startLine = count === 1 ? undefined : stack.use(await openStartLine(count));
  await writeJson(run.specFile, { ...spec, ...workersBy(startLine, count) });
  const authoritiesFile = await writeAuthorities(stack, spec, run.specFile);
  const workers = csvPaths.map((csvPath, index) =>
    runK6(k6, { ...run, csvPath, authoritiesFile }, startLine && { index, count }),
  );
  const owned = stack.move();
  const { promise: failed, resolve: fails } = Promise.withResolvers<K6End>();
  for (const { ended } of workers) void ended.then((how) => how.exitCode === 0 || fails(how));
  const allEnded = Promise.all(workers.map(({ ended }) => ended));
  const stop = async () => void (await Promise.all(workers.map((worker) => worker.stop())));
  return {
    ended: Promise.race([failed, allEnded.then((ends) => ends[0] as K6End)]),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await owned.disposeAsync();
    },
  };
}

const workersBy = (startLine: StartLine | undefined, count: number): Pick<LoadSpec, 'workers'> =>
  startLine ? { workers: { count, startLineUrl: startLine.url } } : {};

/** k6 learns whom to trust by file, and only a shop behind TLS needs it; nothing of it belongs to a run. */
async function writeAuthorities(
  stack: AsyncDisposableStack,
  { baseUrl }: LoadSpec,
  specFile: string,
): Promise<string | undefined> {
  if (!baseUrl.startsWith('https:')) return undefined;
  const file = join(dirname(specFile), 'authorities.pem');
  stack.defer(() => rm(file, { force: true }));
  await writeFile(file, authorities().join('\n'));
  return file;
}
