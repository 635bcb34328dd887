import { onOwnerGone } from '../lifeline.ts';
import { readSwitches } from '../protections.ts';
import { stopRequests } from '../stop-requests.ts';
import { supervise } from '../supervise.ts';
import { choosePlace } from './place.ts';
import { tell, timedProgress } from './tell.ts';
import type { UpOptions } from './up-in-background.ts';

/** Brings up a region that lives until stdin ends or a signal comes, and resolves when it has ended. */
export async function upWithLifeline({ dir, edgePort, scaledOut, without, json }: UpOptions): Promise<void> {
  const requests = stopRequests();
  onOwnerGone(requests.stop);
  const switches = readSwitches(without);
  await supervise({
    ...(await choosePlace(dir)),
    edgePort,
    scaledOut,
    without,
    switches,
    progress: timedProgress(),
    rememberIn: null,
    ready: (document) => tell(document, json),
    requests,
  });
}
