import { ApiException, PatchStrategy, setHeaderOptions, type V1Pod } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import type { Hands } from '../../model/facets.ts';
import type { Undo } from '../../model/fault.ts';
import { apiWords, type ClusterApi, type ClusterPlace, isNotFound, sameCluster } from './cluster-api.ts';
import { connectMsFrom, readIn } from './look-inside.ts';
import { podIsOver, restartsOf, servingContainer } from './objects.ts';
import { isOutOfService, outOfService } from './out-of-service.ts';
import { pressureOn } from './pressure.ts';
import { sendSignal } from './send-signal.ts';
import { uncordonUndoKind } from './undo-kinds.ts';
import type { Watches } from './watches.ts';

/** Where the API server names no time: as often as kubectl drain tries again. */
const usualRetryMs = 5_000;

const isOfDaemonSet = ({ metadata }: V1Pod): boolean =>
  metadata?.ownerReferences?.some(({ kind }) => kind === 'DaemonSet') ?? false;

/** What a drill does by the API of Kubernetes, to the pods of one namespace and to nodes. */
export function handsOf(
  api: ClusterApi,
  namespace: string,
  { pods, nodes }: Watches,
  place: ClusterPlace,
): Omit<Hands, 'drainsOnNotice'> {
  const podsOn: Hands['podsOn'] = (node) =>
    pods
      .all()
      .filter((pod) => pod.spec?.nodeName === node && !podIsOver(pod) && !isOfDaemonSet(pod))
      .map(({ metadata }) => metadata?.name ?? '');
  const podNamed = (name: string) => pods.all().find(({ metadata }) => metadata?.name === name);
  const podThere = (name: string) => {
    const pod = podNamed(name);
    if (!pod) throw cannotTell(`there is no pod ${name} any more`);
    return pod;
  };
  const nodeNamed = (name: string) => nodes.all().find(({ metadata }) => metadata?.name === name);
  return {
    podsOn,
    isCordoned: (node) => nodeNamed(node)?.spec?.unschedulable === true,
    cordon: (node) => setUnschedulable(api, node, true),
    uncordon: (node) => setUnschedulable(api, node, false),
    uncordonUndo: (node) => ({ kind: uncordonUndoKind, ...place, node }),
    evict: (pod) => evict(api, namespace, pod),
    kill: (pod) => kill(api, namespace, pod),
    signal: async (name, signal) => await sendSignal(api, podThere(name), signal),
    read: async (name, files) => await readIn(api, podThere(name), files),
    connectMs: async (name) => await connectMsFrom(api, podThere(name)),
    servingContainerOf: (name) => servingContainer(podThere(name).spec?.containers).container.name,
    async press(names, wish) {
      const found = names.map(podNamed);
      const gone = names.filter((_, index) => found[index] === undefined);
      if (gone.length > 0) return `there is no pod ${gone.join(', ')} any more`;
      return await pressureOn(
        api,
        place,
        found.filter((pod) => pod !== undefined),
        wish,
      );
    },
    restartsOf(name) {
      const pod = podNamed(name);
      return pod ? restartsOf(pod) : null;
    },
    outOfService(node, runId) {
      const found = nodeNamed(node);
      if (!found) return `there is no node ${node}`;
      if (isOutOfService(found)) return `node ${node} is out of service already`;
      const taint = outOfService(api, place, node, runId);
      return {
        ...taint,
        async make() {
          await taint.make();
          await Promise.all(podsOn(node).map((pod) => kill(api, namespace, pod)));
        },
        evidence: () =>
          podsOn(node).length === 0 ? `node ${node} is out of service, and the shop has no pod there` : undefined,
      };
    },
  };
}

/** No error where there is no such node any more. */
async function setUnschedulable({ core }: ClusterApi, name: string, unschedulable: boolean): Promise<void> {
  await core
    .patchNode(
      { name, body: { spec: { unschedulable: unschedulable || null } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    )
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw new Error(`node ${name}: ${apiWords(error)}`, { cause: error });
    });
}

/** By the Eviction API, which refuses with 429 while a disruption budget allows no more. */
async function evict({ core }: ClusterApi, namespace: string, name: string): ReturnType<Hands['evict']> {
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  try {
    await core.createNamespacedPodEviction({ name, namespace, body });
    return { evicted: true };
  } catch (error) {
    if (isNotFound(error)) return { evicted: true };
    if (!(error instanceof ApiException) || error.code !== 429)
      throw new Error(`pod ${name} was not evicted: ${apiWords(error)}`, { cause: error });
    const seconds = Number(error.headers['retry-after']);
    return { evicted: false, retryAfterMs: seconds > 0 ? seconds * 1_000 : usualRetryMs, because: apiWords(error) };
  }
}

async function kill({ core }: ClusterApi, namespace: string, name: string): Promise<void> {
  await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }).catch((error: unknown) => {
    if (!isNotFound(error)) throw new Error(`pod ${name} was not deleted: ${apiWords(error)}`, { cause: error });
  });
}

/** Lets a node take pods again, for a drill that has died. */
export async function undoCordon({ node, ...place }: Undo): Promise<void> {
  const api = await sameCluster(place);
  await setUnschedulable(api, String(node), false);
}
