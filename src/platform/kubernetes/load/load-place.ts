import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { invalid } from '../../../model/errors.ts';
import type { LoadOrder, LoadPlace, LoadPod, LoadPods } from '../../../model/facets.ts';
import { nowMs } from '../../../runtime/clock.ts';
import { apply, type ClusterApi, listAll, placeOf } from '../cluster-api.ts';
import { createNamespace } from '../namespace.ts';
import { podIsReady, zoneOf } from '../objects.ts';
import { waitForPods } from '../stuck-pods.ts';
import { deleteNamespace, goneTimeoutMs } from '../tear-down.ts';
import { namespaceUndoKind } from '../undo-kinds.ts';
import { type Watched, watched } from '../watched.ts';
import type { Workload } from '../workload.ts';
import { followLog } from './follow-log.ts';
import { type Launch, launchOn } from './launch.ts';
import { type LoadWish, mostBytes, sharedObjects } from './load-objects.ts';
import { openRestApi } from './rest-api.ts';
import { endOfRunner } from './watch-runner.ts';

/** Nodes that have to pull the image first, and a scheduler that has to find room. */
const readyTimeoutMs = 120_000;

/** Where runners are: settings of a cluster, and the shop whose nodes they leave to it. */
type LoadSite = Pick<LoadWish, 'image' | 'starterImage' | 'nodes' | 'shop'>;

interface LoadSettings {
  images?: { k6?: string | undefined; k6Starter?: string | undefined } | undefined;
  loadNodes?: Record<string, string> | undefined;
}

/** Where load comes from on a cluster whose settings name an image of k6. */
export async function loadFacet(
  api: ClusterApi,
  { images, loadNodes = {} }: LoadSettings,
  shop: Workload,
): Promise<{ load?: LoadPlace }> {
  if (images?.k6 === undefined) return {};
  const site = { image: images.k6, starterImage: images.k6Starter, nodes: loadNodes, shop };
  return { load: loadPlace(api, site, await launchOn(api)) };
}

/** k6 in pods of a namespace of its own. */
const loadPlace = (api: ClusterApi, site: LoadSite, launch: Launch): LoadPlace => ({
  fidelity: [
    `All load comes from pods of the cluster (${site.image}, started by ${launch.by === 'jobs' ? 'Jobs' : launch.by}), over HTTP/1.1: it comes as from a neighbour of the shop, not over the internet.`,
    'The evidence of the load comes by the logs of its pods, so what a lost pod wrote last is missing.',
  ],
  start: (order) => start({ api, site, launch }, order),
});

interface Starting {
  api: ClusterApi;
  site: LoadSite;
  launch: Launch;
}

async function start({ api, site, launch }: Starting, order: LoadOrder): Promise<LoadPods> {
  const { runId, argsOfEach, willChange, signal, progress } = order;
  const namespace = `tenfold-${runId.toLowerCase()}-load`;
  const wish: LoadWish = { ...order, ...site, namespace };
  refuseTooLarge(order);
  // No priority classes go with it.
  const place = { namespace, runId, timeoutMs: goneTimeoutMs, isAlone: true };
  await using stack = new AsyncDisposableStack();
  const expiresAtMs = Math.round(nowMs() + order.atMostMs);
  const undone = willChange({ kind: namespaceUndoKind, ...(await placeOf(api)), ...place, expiresAtMs });
  stack.defer(async () => {
    await deleteNamespace(api, place);
    undone();
  });
  progress(`starting ${argsOfEach.length} runners of k6 in namespace ${namespace} of ${api.context}`);
  await createNamespace(api, { namespace, runId });
  for (const object of sharedObjects(wish)) await apply(api, object);
  const pods = stack.use(watched<V1Pod>(api, { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespace }));
  await pods.listed;
  for (const object of launch.objects(wish, order)) await apply(api, object);
  let found: V1Pod[] = [];
  await waitForPods('the runners of k6', { api, namespace, timeoutMs: readyTimeoutMs, signal }, async () => {
    found = readyRunners(pods, launch);
    const count = found.length;
    if (count === argsOfEach.length) return undefined;
    return [`${count} of ${argsOfEach.length} runners are ready`, ...(await launch.lacks(api, namespace))].join('; ');
  });
  const { items: nodes } = await listAll<V1Node>(api, 'v1', 'Node');
  const opened: LoadPod[] = [];
  for (const [index, pod] of found.entries())
    opened.push(await openRunner(api, { namespace, pod, nodes, pods }, (line) => order.onLine(index, line), stack));
  const all = stack.move();
  return { pods: opened, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** @throws TenfoldError (invalid) what a ConfigMap does not hold */
function refuseTooLarge({ archive, authorities = '' }: LoadOrder): void {
  const bytes = Math.max(Math.ceil(archive.length / 3) * 4, Buffer.byteLength(authorities));
  if (bytes > mostBytes)
    throw invalid(
      `the script and what it reads take ${(bytes / 1e6).toFixed(1)} MB, and a ConfigMap holds ${mostBytes / 1e6} MB`,
      'send the load from this machine, or have the script read less',
    );
}

/** In the order of their numbers. */
const readyRunners = (pods: Watched<V1Pod>, { runnerOf }: Launch): V1Pod[] =>
  pods
    .all()
    .filter((pod) => podIsReady(pod) && runnerOf(pod) !== undefined)
    .sort((a, b) => (runnerOf(a) ?? 0) - (runnerOf(b) ?? 0));

interface Runner {
  namespace: string;
  pod: V1Pod;
  nodes: readonly V1Node[];
  pods: Watched<V1Pod>;
}

async function openRunner(
  api: ClusterApi,
  { namespace, pod, nodes, pods }: Runner,
  onLine: (line: string) => void,
  stack: AsyncDisposableStack,
): Promise<LoadPod> {
  const name = pod.metadata?.name ?? '';
  const node = pod.spec?.nodeName ?? '';
  const over = new AbortController();
  const rest = stack.use(await openRestApi(api, { namespace, pod: name }));
  const log = followLog(api, { namespace, pod: name }, onLine);
  const ended = endOfRunner(pods, name, log, over.signal);
  const giveUp = () => over.abort();
  stack.defer(async () => {
    giveUp();
    log.stop();
    await ended;
  });
  const zone = zoneOf(nodes.find(({ metadata }) => metadata?.name === node));
  return { name, node, zone, ask: rest.ask, ended, giveUp };
}
