import { RegionError } from '../errors.ts';
import { readSwitches } from '../protections.ts';
import { stopRequests } from '../stop-requests.ts';
import { supervise } from '../supervise.ts';
import type { BackgroundMessage, BackgroundOptions } from './background.ts';

/** A user's platform itself: runs in the background, and reports its progress to the command that started it. */
export async function serve(options: BackgroundOptions): Promise<void> {
  const requests = stopRequests();
  let isReady = false;
  // A starter that dies before the region is ready takes it down: nobody would know of it.
  process.once('disconnect', () => !isReady && requests.stop());
  if (!process.connected) requests.stop();
  try {
    await supervise({
      ...options,
      switches: readSwitches(options.without),
      progress: (message) => send({ progress: message }),
      rememberIn: options.state,
      ready: (document) => {
        isReady = true;
        send({ ready: document });
      },
      requests,
    });
  } catch (error) {
    const { message } = error as Error;
    send({ failed: { message, exitCode: error instanceof RegionError ? error.exitCode : 1 } });
    throw error;
  }
}

function send(message: BackgroundMessage): void {
  if (process.connected) process.send?.(message, () => {});
}
