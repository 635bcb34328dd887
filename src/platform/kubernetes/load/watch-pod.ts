import type { V1Pod } from '@kubernetes/client-node';
import type { LoadPodEnd } from '../../../model/facets.ts';
import { nowMs, sleepMs } from '../../../runtime/clock.ts';
import type { ContainerPlace } from '../exec.ts';
import { podIsReady } from '../objects.ts';
import type { Watched } from '../watched.ts';
import type { FollowedLog } from './follow-log.ts';

const lookEveryMs = 250;
/** What was written last arrives within this time, where it can be had at all. */
const restMs = 15_000;
/** A pod that is not ready, and of which nothing has come for so long, is lost with its node. */
const lostAfterMs = 12_000;

type Over = Pick<LoadPodEnd, 'exitCode' | 'because'>;

/**
 * Waits for the end of a pod that measures: that of its container, or its loss.
 * @param signal gives it up: what has not ended then is lost
 */
export async function endOfPod(
  pods: Watched<V1Pod>,
  { pod: name, container }: Pick<ContainerPlace, 'pod' | 'container'>,
  log: FollowedLog,
  signal: AbortSignal,
): Promise<LoadPodEnd> {
  let last: V1Pod | undefined;
  for (;;) {
    const pod = pods.all().find(({ metadata }) => metadata?.name === name);
    // What a pod was can no longer be asked once it is gone.
    last = pod ?? last;
    const over = overBy(container, pod, last, log.silentSinceMs());
    if (over) return { ...over, isWhole: over.exitCode === null ? await cut(log) : await log.finish(restMs) };
    if (signal.aborted) {
      log.stop();
      return { exitCode: null, because: 'it had not ended when it was to', isWhole: false };
    }
    await sleepMs(lookEveryMs, signal).catch(() => {});
  }
}

/** What was read of a pod that is lost is all that there will be, unless its log can be read to its end after all. */
async function cut(log: FollowedLog): Promise<boolean> {
  await log.finish(1_000);
  return false;
}

/** How a pod ended; null while it runs, as far as is known. */
export function overBy(
  container: string,
  pod: V1Pod | undefined,
  last: V1Pod | undefined,
  silentSinceMs: number,
): Over | null {
  if (!pod)
    return {
      exitCode: (last && terminated(container, last)?.exitCode) ?? null,
      because: `its pod is gone${whyGone(last)}`,
    };
  const ended = terminated(container, pod);
  if (ended) return { exitCode: ended.exitCode, because: ended.reason ?? whyGone(pod) };
  if (pod.status?.phase === 'Failed') return { exitCode: null, because: `its pod has failed${whyGone(pod)}` };
  if (podIsReady(pod) || nowMs() - silentSinceMs < lostAfterMs) return null;
  return { exitCode: null, because: `nothing is heard of its pod on node ${pod.spec?.nodeName}${whyGone(pod)}` };
}

const terminated = (container: string, { status }: V1Pod) =>
  status?.containerStatuses?.find(({ name }) => name === container)?.state?.terminated;

/** What Kubernetes says of a pod that it takes away: evicted, preempted, lost with its node. */
function whyGone({ status, metadata }: V1Pod = {}): string {
  const target = status?.conditions?.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
  const ready = status?.conditions?.find(({ type, status }) => type === 'Ready' && status !== 'True');
  const words = target?.message ?? status?.message ?? status?.reason ?? ready?.message ?? ready?.reason;
  if (words) return `: ${words}`;
  return metadata?.deletionTimestamp ? ': it was deleted' : '';
}
