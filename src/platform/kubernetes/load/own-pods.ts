import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { LoadOrder, LoadPod } from '../../../model/facets.ts';
import { nowMs } from '../../../runtime/clock.ts';
import { apply, type ClusterApi, listAll, placeOf } from '../cluster-api.ts';
import type { Manifest } from '../manifests.ts';
import { createNamespace } from '../namespace.ts';
import { zoneOf } from '../objects.ts';
import { waitForPods } from '../stuck-pods.ts';
import { deleteNamespace, goneTimeoutMs } from '../tear-down.ts';
import { namespaceUndoKind } from '../undo-kinds.ts';
import { type Watched, watched } from '../watched.ts';
import { followLog } from './follow-log.ts';
import { openRestApi } from './rest-api.ts';
import { endOfPod } from './watch-pod.ts';

/** Nodes that have to pull the image first, and a scheduler that has to find room. */
const readyTimeoutMs = 120_000;

/** Pods that measure, in a namespace of a run's own. */
export interface OwnPods {
  /** In words. */
  what: string;
  namespace: string;
  /** The container of each that measures. */
  container: string;
  objects: readonly Manifest[];
  /** Those that are there, in their order. */
  ready: (all: readonly V1Pod[]) => V1Pod[];
  count: number;
  /** What keeps them from being there that they do not tell. */
  lacks?: () => Promise<string[]>;
  order: Pick<LoadOrder, 'runId' | 'atMostMs' | 'willChange' | 'signal' | 'progress'>;
  /** Called with each line that one has written. @param index from 0 */
  onLine: (index: number, line: string) => void;
}

/** Starts them, and follows what they write. How they go is written down before their namespace is made. */
export async function startOwnPods(api: ClusterApi, own: OwnPods): Promise<AsyncDisposable & { pods: LoadPod[] }> {
  const { what, namespace, objects, ready, count, lacks, order, onLine } = own;
  const { runId, willChange, signal, progress } = order;
  // No priority classes go with it.
  const place = { namespace, runId, timeoutMs: goneTimeoutMs, isAlone: true };
  await using stack = new AsyncDisposableStack();
  const expiresAtMs = Math.round(nowMs() + order.atMostMs);
  const undone = willChange({ kind: namespaceUndoKind, ...(await placeOf(api)), ...place, expiresAtMs });
  stack.defer(async () => {
    await deleteNamespace(api, place);
    undone();
  });
  progress(`starting ${what} in namespace ${namespace} of ${api.context}`);
  await createNamespace(api, { namespace, runId });
  const pods = stack.use(watched<V1Pod>(api, { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespace }));
  await pods.listed;
  for (const object of objects) await apply(api, object);
  let found: V1Pod[] = [];
  await waitForPods(what, { api, namespace, timeoutMs: readyTimeoutMs, signal }, async () => {
    found = ready(pods.all());
    if (found.length === count) return undefined;
    return [`${found.length} of ${count} are ready`, ...((await lacks?.()) ?? [])].join('; ');
  });
  const { items: nodes } = await listAll<V1Node>(api, 'v1', 'Node');
  const opened: LoadPod[] = [];
  for (const [index, pod] of found.entries())
    opened.push(await openPod(api, { own, pod, nodes, pods, onLine: (line) => onLine(index, line) }, stack));
  const all = stack.move();
  return { pods: opened, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

interface Opening {
  own: Pick<OwnPods, 'namespace' | 'container'>;
  pod: V1Pod;
  nodes: readonly V1Node[];
  pods: Watched<V1Pod>;
  onLine: (line: string) => void;
}

async function openPod(
  api: ClusterApi,
  { own: { namespace, container }, pod, nodes, pods, onLine }: Opening,
  stack: AsyncDisposableStack,
): Promise<LoadPod> {
  const name = pod.metadata?.name ?? '';
  const node = pod.spec?.nodeName ?? '';
  const over = new AbortController();
  const rest = stack.use(await openRestApi(api, { namespace, pod: name }));
  const log = followLog(api, { namespace, pod: name, container }, onLine);
  const ended = endOfPod(pods, { pod: name, container }, log, over.signal);
  const giveUp = () => over.abort();
  stack.defer(async () => {
    giveUp();
    log.stop();
    await ended;
  });
  const zone = zoneOf(nodes.find(({ metadata }) => metadata?.name === node));
  return { name, node, zone, ask: rest.ask, ended, giveUp };
}
