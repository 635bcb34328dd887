import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { invalid, type TenfoldError } from '../../model/errors.ts';
import { nowMs, waitFor } from '../../runtime/clock.ts';
import { type ClusterApi, listAll, refusalHint } from './cluster-api.ts';
import { instantMs } from './objects.ts';

const lookEveryMs = 500;
/** Reasons that waiting does not mend, once they have stood for a while. */
const hopeless = [
  'ErrImageNeverPull',
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CreateContainerConfigError',
];
const hopelessAfterMs = 5_000;
/** A quota, or a webhook that refuses; but a webhook may also be away for a moment. */
const refusedAfterMs = 20_000;
const usual = ['ContainerCreating', 'PodInitializing'];

export interface Waiting {
  api: ClusterApi;
  namespace: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Waits for something of a namespace.
 * @param ask returns what it still lacks, in words; undefined once it is there
 * @throws with that, and with why pods do not run; at once where they never will
 */
export async function waitForPods(
  what: string,
  { api, namespace, timeoutMs, signal }: Waiting,
  ask: () => Promise<string | undefined>,
): Promise<void> {
  const given = new AbortController();
  const sinceMs = new Map<string, number>();
  const look = async () => {
    const lacking = await ask();
    if (lacking === undefined) return true;
    const { items } = await listAll<V1Pod>(api, 'v1', 'Pod', { namespace });
    const refusals = await refusalsIn(api, namespace, items);
    const lasting = overdue([...items.flatMap(neverStarts), ...refusals.map(refused)], sinceMs);
    if (lasting) given.abort(lasting);
    throw new Error([lacking, ...items.flatMap(troubleOf), ...refusals].join('; '));
  };
  await waitFor(what, look, { timeoutMs, intervalMs: lookEveryMs, signal: AbortSignal.any([signal, given.signal]) });
}

/** Something that waiting does not mend once it has stood for so long. */
interface Trouble {
  what: string;
  patienceMs: number;
  error: TenfoldError;
}

/** The error of the first trouble that has stood for too long. @param sinceMs since when each has been there, kept between looks */
function overdue(troubles: readonly Trouble[], sinceMs: Map<string, number>): TenfoldError | undefined {
  for (const what of sinceMs.keys()) if (!troubles.some((one) => one.what === what)) sinceMs.delete(what);
  for (const { what } of troubles) sinceMs.set(what, sinceMs.get(what) ?? nowMs());
  return troubles.find(({ what, patienceMs }) => nowMs() - (sinceMs.get(what) ?? 0) >= patienceMs)?.error;
}

const waitingOf = ({ status }: V1Pod) =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .map(({ state }) => state?.waiting)
    .find((state) => state?.reason !== undefined && !usual.includes(state.reason));

/** Why a pod does not run, in words; nothing where it does, or is starting. */
function troubleOf(pod: V1Pod): string[] {
  const waiting = waitingOf(pod);
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const why = waiting ? `${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}` : unscheduled?.message;
  return why === undefined ? [] : [`pod ${pod.metadata?.name}: ${why}`];
}

/** Pods that were not made, in words: controllers say so by events, which stay when it is over. It is where a pod has been made since. */
async function refusalsIn(api: ClusterApi, namespace: string, pods: readonly V1Pod[]): Promise<string[]> {
  const { items } = await listAll<CoreV1Event>(api, 'v1', 'Event', { namespace, fields: 'reason=FailedCreate' });
  const said = items
    .filter((event) => !pods.some((pod) => isOwnedBy(pod, event.involvedObject.uid) && createdMs(pod) >= saidMs(event)))
    .map(({ involvedObject: { kind, name }, message }) => [`${kind} ${name}`, message] as const);
  return [...new Map(said)].map(([who, message]) => `${who}: ${message}`);
}

const isOwnedBy = ({ metadata }: V1Pod, owner: string | undefined): boolean =>
  metadata?.ownerReferences?.some(({ uid }) => uid === owner) ?? false;

const createdMs = ({ metadata }: V1Pod): number => instantMs(metadata?.creationTimestamp) ?? 0;

/** Whoever is refused again says so by the same event. */
const saidMs = ({ lastTimestamp, series, eventTime, metadata }: CoreV1Event): number =>
  instantMs(lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? metadata?.creationTimestamp) ?? 0;

function neverStarts(pod: V1Pod): Trouble[] {
  if (!hopeless.includes(waitingOf(pod)?.reason ?? '')) return [];
  const error = invalid(
    `${troubleOf(pod).join()}; it will not start`,
    'load the image on the nodes, or name one that they can pull, in the settings of the cluster',
  );
  return [{ what: pod.metadata?.name ?? '', patienceMs: hopelessAfterMs, error }];
}

const refused = (refusal: string): Trouble => ({
  what: refusal,
  patienceMs: refusedAfterMs,
  error: invalid(refusal, refusalHint),
});
