import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { measuresFirst, rootFolder, startOwned, stopOwned } from '../runtime/processes.ts';
import type { K6 } from './find-k6.ts';

/** k6's own exit code and the last lines it said. */
export interface K6End {
  exitCode: number | null;
  lastLines: string[];
}

export interface RunningK6 extends AsyncDisposable {
  /** Never rejects. */
  ended: Promise<K6End>;
  /** Ends it gracefully, so that what it has written is whole; resolves when it has ended. */
  stop(): Promise<void>;
}

/** One of several processes that share a schedule. */
export interface Worker {
  /** From 0. */
  index: number;
  count: number;
}

/**
 * Runs a script with every sample written to `csvPath`, uncompressed, so that it can be followed and survives a
 * kill. Thresholds and the summary are off: they keep every value in memory and judge without phases.
 */
export function runK6(k6: K6, script: string, load: unknown, csvPath: string, worker?: Worker): RunningK6 {
  const args = ['run', '--no-thresholds', '--summary-mode=disabled', '--quiet', '--no-usage-report', '--no-color'];
  if (worker) args.push(...segmentOf(worker));
  const leash = join(rootFolder, 'bin', 'leash.sh');
  const child = startOwned('/bin/sh', [leash, 'INT', '5', k6.path, ...args, '--out', `csv=${csvPath}`, script], {
    TENFOLD_LOAD: JSON.stringify(load),
    K6_CSV_TIME_FORMAT: 'unix_micro',
    K6_CSV_SAVE_INTERVAL: '500ms',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    // Collecting garbage takes k6 nearly a second of CPU time, and on a busy machine k6 then sees a slow shop for seconds
    // where there is none. With a heap so big a short run needs no collection; a limit (GOMEMLIMIT) makes each one worse.
    GOGC: '800',
    // k6's idle threads look for work all the time; the shop beside it needs that core.
    GOMAXPROCS: String(Math.max(1, Math.floor((availableParallelism() - 1) / (worker?.count ?? 1)))),
  });
  measuresFirst(child);
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
    });
  }
  // The first SIGINT ends k6 gracefully.
  const stop = () => stopOwned(child, 'SIGINT', 8_000);
  return {
    ended: child.ended.then(({ exitCode }) => ({ exitCode, lastLines })),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Its share of the schedule, cut as all its fellows cut it; and its name, which goes with each sample. */
function segmentOf({ index, count }: Worker): string[] {
  const cuts = Array.from({ length: count + 1 }, (_, cut) => (cut === count ? '1' : `${cut}/${count}`));
  return [
    `--execution-segment=${cuts[index]}:${cuts[index + 1]}`,
    `--execution-segment-sequence=${cuts.join(',')}`,
    `--tag=worker=${index + 1}`,
  ];
}
