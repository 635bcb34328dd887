import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rootFolder, startOwned, stopOwned } from '../runtime/processes.ts';
import type { K6 } from './find-k6.ts';

export interface RunningK6 extends AsyncDisposable {
  /** k6's own exit code and the last lines it said; never rejects. */
  ended: Promise<{ exitCode: number | null; lastLines: string[] }>;
}

/** k6 fills about 16 MiB a second at 600 requests/s, on top of 0.2 MiB a virtual user. */
const heapMiB = 2_048;

/**
 * Runs a script with every sample written to `csvPath`, uncompressed, so that it can be followed and survives a
 * kill. Thresholds and the summary are off: they keep every value in memory and judge without phases.
 */
export function runK6(k6: K6, script: string, load: unknown, csvPath: string): RunningK6 {
  const args = ['run', '--no-thresholds', '--summary-mode=disabled', '--quiet', '--no-usage-report', '--no-color'];
  const leash = join(rootFolder, 'bin', 'leash.sh');
  const child = startOwned('/bin/sh', [leash, 'INT', '5', k6.path, ...args, '--out', `csv=${csvPath}`, script], {
    TENFOLD_LOAD: JSON.stringify(load),
    K6_CSV_TIME_FORMAT: 'unix_micro',
    K6_CSV_SAVE_INTERVAL: '500ms',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    // No garbage collection below a limit that a short run never reaches: one collection takes nearly a second of CPU
    // time, and on a busy machine k6 then sees for seconds a slow shop where there is none.
    GOGC: 'off',
    GOMEMLIMIT: `${heapMiB}MiB`,
    // k6's idle threads look for work all the time; the shop beside it needs that core.
    GOMAXPROCS: String(Math.max(1, availableParallelism() - 1)),
  });
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
    });
  }
  return {
    ended: child.ended.then(({ exitCode }) => ({ exitCode, lastLines })),
    // The first SIGINT ends k6 gracefully, so that its evidence is whole.
    [Symbol.asyncDispose]: () => stopOwned(child, 'SIGINT', 8_000),
  };
}
