import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { RegionError } from '../errors.ts';
import { logEnd } from '../log-end.ts';
import { programs } from '../paths.ts';
import { labelOf } from '../processes.ts';
import type { RegionDocument } from '../region-document.ts';

/** What a region in the background reports to the command that started it. */
export type BackgroundMessage =
  | { progress: string }
  | { ready: RegionDocument }
  | { failed: { message: string; exitCode: 1 | 4 } };

export interface BackgroundOptions {
  id: string;
  dir: string;
  edgePort: number;
  scaledOut: boolean;
  without: string[];
  state: string;
}

/** Starts a region that outlives this process, and waits until it is ready. Ctrl-C during the wait ends it. */
export async function startInBackground(
  options: BackgroundOptions,
  progress: (message: string) => void,
): Promise<RegionDocument> {
  const logFile = join(options.dir, 'supervisor.log');
  const child = fork(programs.main, argumentsOf(options), {
    detached: true,
    stdio: ['ignore', 'ignore', openSync(logFile, 'a', 0o600), 'ipc'],
  });
  const { promise: ready, resolve: isReady, reject: hasFailed } = Promise.withResolvers<RegionDocument>();
  let failure: RegionError | undefined;
  child.on('message', (message: BackgroundMessage) => {
    if ('progress' in message) progress(message.progress);
    else if ('ready' in message) isReady(message.ready);
    else failure = new RegionError(message.failed.message, message.failed.exitCode);
  });
  void once(child, 'exit').then(async () => {
    hasFailed(failure ?? new RegionError(`The region ended while it started:\n${await logEnd(logFile)}`));
  });
  const interrupt = () => {
    failure = new RegionError('Stopped before it was ready; everything was torn down.');
    child.kill('SIGTERM');
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await ready;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function argumentsOf({ id, dir, edgePort, scaledOut, without, state }: BackgroundOptions): string[] {
  const switches = without.length > 0 ? [`--without=${without.join(',')}`] : [];
  if (scaledOut) switches.push('--scaled-out');
  return ['serve', labelOf(id), `--dir=${dir}`, `--edge-port=${edgePort}`, `--state=${state}`, ...switches];
}
