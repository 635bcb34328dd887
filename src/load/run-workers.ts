import type { LoadSpec } from '../model/load-spec.ts';
import type { K6 } from './find-k6.ts';
import { type K6End, type RunningK6, runK6 } from './run-k6.ts';
import { openStartLine } from './start-line.ts';

/**
 * Runs a schedule in as many k6 processes as there are files to write to, as if they were one: by execution segments
 * each iteration of the schedule is run by exactly one of them, under the number that it would have in one process.
 * They start at the same millisecond. They have ended when all have, or when one has failed.
 */
export async function runWorkers(k6: K6, script: string, spec: LoadSpec, csvPaths: string[]): Promise<RunningK6> {
  const [only] = csvPaths;
  const count = csvPaths.length;
  if (count === 1 && only) return runK6(k6, script, spec, only);
  const startLine = await openStartLine(count);
  const load: LoadSpec = { ...spec, workers: { count, startLineUrl: startLine.url } };
  const workers = csvPaths.map((path, index) => runK6(k6, script, load, path, { index, count }));
  const { promise: failed, resolve: fails } = Promise.withResolvers<K6End>();
  for (const { ended } of workers) void ended.then((how) => how.exitCode === 0 || fails(how));
  const allEnded = Promise.all(workers.map(({ ended }) => ended));
  const stop = async () => void (await Promise.all(workers.map((worker) => worker.stop())));
  return {
    ended: Promise.race([failed, allEnded.then((ends) => ends[0] as K6End)]),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await startLine[Symbol.asyncDispose]();
    },
  };
}
