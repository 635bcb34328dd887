import type { V1Pod } from '@kubernetes/client-node';
import type { LoadOrder, LoadPlace, LoadPods } from '../../../model/facets.ts';
import type { ClusterApi } from '../cluster-api.ts';
import { podIsReady } from '../objects.ts';
import type { Workload } from '../workload.ts';
import { type Launch, launchOn } from './launch.ts';
import { containers, type LoadWish, sharedObjects } from './measuring-pods.ts';
import { startOwnPods } from './own-pods.ts';

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

function start({ api, site, launch }: Starting, order: LoadOrder): Promise<LoadPods> {
  const namespace = `tenfold-${order.runId.toLowerCase()}-load`;
  const container = containers.k6;
  const file = { name: 'script', key: 'script.tar', content: order.archive };
  const wish: LoadWish = { ...order, ...site, namespace, container, file };
  const count = order.argsOfEach.length;
  return startOwnPods(api, {
    what: `${count} runners of k6`,
    namespace,
    container,
    objects: [...sharedObjects(wish), ...launch.objects(wish, order)],
    count,
    ready: (all) => readyRunners(all, launch),
    lacks: () => launch.lacks(api, namespace),
    order,
    onLine: order.onLine,
  });
}

/** In the order of their numbers. */
const readyRunners = (all: readonly V1Pod[], { runnerOf }: Launch): V1Pod[] =>
  all
    .filter((pod) => podIsReady(pod) && runnerOf(pod) !== undefined)
    .sort((a, b) => (runnerOf(a) ?? 0) - (runnerOf(b) ?? 0));
