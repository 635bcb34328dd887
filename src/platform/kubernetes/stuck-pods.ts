import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { invalid, type TenfoldError } from '../../model/errors.ts';
import { nowMs, waitFor } from '../../runtime/clock.ts';
import { type ClusterApi, listAll, refusalHint } from './cluster-api.ts';

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
    for (const what of sinceMs.keys())
      if (![...refusals, ...items.map(({ metadata }) => metadata?.name)].includes(what)) sinceMs.delete(what);
    const never = [...items.map(neverStarts), ...refusals.map(staysRefused)].map((one) => one(sinceMs)).find(Boolean);
    if (never) given.abort(never);
    throw new Error([lacking, ...items.flatMap(troubleOf), ...refusals].join('; '));
  };
  await waitFor(what, look, { timeoutMs, intervalMs: lookEveryMs, signal: AbortSignal.any([signal, given.signal]) });
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

/** Pods that were not made at all, in words: controllers that have none say so by events, which stay when it is over. */
async function refusalsIn(api: ClusterApi, namespace: string, pods: readonly V1Pod[]): Promise<string[]> {
  const owners = pods.flatMap(({ metadata }) => metadata?.ownerReferences?.map(({ uid }) => uid) ?? []);
  const { items } = await listAll<CoreV1Event>(api, 'v1', 'Event', { namespace, fields: 'reason=FailedCreate' });
  const said = items
    .filter(({ involvedObject: { uid = '' } }) => !owners.includes(uid))
    .map(({ involvedObject: { kind, name }, message }) => [`${kind} ${name}`, message] as const);
  return [...new Map(said)].map(([who, message]) => `${who}: ${message}`);
}

/** By what each trouble that waiting does not mend is known, and since when it has been there; kept between looks. */
type Since = Map<string, number>;

const lastedMs = (what: string, sinceMs: Since): number => {
  const firstMs = sinceMs.get(what) ?? nowMs();
  sinceMs.set(what, firstMs);
  return nowMs() - firstMs;
};

const neverStarts =
  (pod: V1Pod) =>
  (sinceMs: Since): TenfoldError | undefined => {
    const { name = '' } = pod.metadata ?? {};
    if (!hopeless.includes(waitingOf(pod)?.reason ?? '')) {
      sinceMs.delete(name);
      return undefined;
    }
    if (lastedMs(name, sinceMs) < hopelessAfterMs) return undefined;
    return invalid(
      `${troubleOf(pod).join()}; it will not start`,
      'load the image on the nodes, or name one that they can pull, in the settings of the cluster',
    );
  };

const staysRefused =
  (refusal: string) =>
  (sinceMs: Since): TenfoldError | undefined =>
    lastedMs(refusal, sinceMs) < refusedAfterMs ? undefined : invalid(refusal, refusalHint);
