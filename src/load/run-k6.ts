import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { withoutSecrets } from '../model/secrets.ts';
import { measuresFirst, rootFolder, startOwned, stopOwned } from '../runtime/processes.ts';
import type { K6 } from './find-k6.ts';
import { k6Environment } from './k6-environment.ts';
import { runOptions, sampleSettings } from './run-options.ts';
import { segmentOf, type Worker } from './segments.ts';

/** k6's own exit code and the last lines it said. */
export interface K6End {
  exitCode: number | null;
  lastLines: string[];
  /** Others that shared the load went on to its end: what is missing is told by itself. */
  othersWentOn?: boolean;
}

export interface RunningK6 extends AsyncDisposable {
  /** Never rejects. */
  ended: Promise<K6End>;
  /** Ends it gracefully, so that what it has written is whole; resolves when it has ended. */
  stop(): Promise<void>;
}

export interface K6Run {
  script: string;
  /** What the script is to do, as JSON. By file: an environment variable holds 128 KiB at most. */
  specFile: string;
  csvPath: string;
  /** Names of the environment variables that the script reads. */
  variables?: readonly string[];
  /** Whose certificates are trusted, as PEM; left out: those that the system trusts. */
  authoritiesFile?: string | undefined;
}

/** Without one of its own, k6 reads what lies in the home folder. */
const emptyConfig = join(rootFolder, 'src', 'load', 'engine', 'k6-config.json');
const leash = join(rootFolder, 'bin', 'leash.sh');
/** Runs a script with every sample written to `csvPath`, uncompressed, so that it can be followed and survives a kill. */
export function runK6(k6: K6, run: K6Run, worker?: Worker): RunningK6 {
  // k6 takes `--out` apart at `=`, which a folder's name may hold: so it is told a name in the folder that it runs in.
  const output = ['--out', `csv=${basename(run.csvPath)}`];
  const args = [
    'run',
    ...runOptions,
    '--config',
    emptyConfig,
    ...(worker ? segmentOf(worker) : []),
    ...output,
    run.script,
  ];
  const child = startOwned('/bin/sh', [leash, 'INT', '5', k6.path, ...args], {
    cwd: dirname(run.csvPath),
    environment: { ...k6Environment(run.variables), ...settings(run, worker) },
  });
  measuresFirst(child);
  const lastLines: string[] = [];
  const secrets = (run.variables ?? []).map((name) => process.env[name] ?? '');
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(withoutSecrets(withoutTime(line), secrets));
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

const withoutTime = (line: string): string => line.replace(/^time="[^"]*" level=(\w+) msg=/, '$1: ');

const settings = ({ specFile, authoritiesFile }: K6Run, worker?: Worker): Record<string, string> => ({
  TENFOLD_LOAD_FILE: specFile,
  ...sampleSettings,
  ...heapSettings(process.availableMemory() / (worker?.count ?? 1)),
  // k6's idle threads look for work all the time; the shop beside it needs that core.
  GOMAXPROCS: String(Math.max(1, Math.floor((availableParallelism() - 1) / (worker?.count ?? 1)))),
  // Go adds the certificates of a folder to those of the file.
  ...(authoritiesFile !== undefined && { SSL_CERT_FILE: authoritiesFile, SSL_CERT_DIR: '/dev/null' }),
});

const gibibyte = 1024 ** 3;

/**
 * Collecting garbage takes k6 a quarter of a second to a second of CPU time, first in the queue, and the shop beside it is slow for as
 * long. With GOGC=off it collects only at the limit (at 600 requests/s it fills 1 GiB a minute); with any other value Go also does so
 * every two minutes, whether there is need or not (forcegcperiod in Go's runtime/proc.go). Where memory is scarce a limit would have
 * it collect all the time.
 */
function heapSettings(availableBytes: number): Record<string, string> {
  const limit = Math.min(4 * gibibyte, availableBytes / 4);
  return limit >= gibibyte ? { GOGC: 'off', GOMEMLIMIT: String(Math.floor(limit)) } : { GOGC: '800' };
}
