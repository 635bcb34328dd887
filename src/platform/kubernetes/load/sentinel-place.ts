import type { V1Node } from '@kubernetes/client-node';
import type { PodSize, SentinelOrder, SentinelPlace, SentinelPod } from '../../../model/facets.ts';
import { type ClusterApi, listAll } from '../cluster-api.ts';
import { nodeIsReady, podIsReady, zoneLabel } from '../objects.ts';
import type { Workload } from '../workload.ts';
import { containers, type PodWish, podJob, sharedObjects } from './measuring-pods.ts';
import { startOwnPods } from './own-pods.ts';

/** 300 probes a second take a fifth of a core; one that waits for its turn is late. */
const size: PodSize = { cpuMillis: 200, memoryMiB: 256 };

/** Where the sentinel can run on a cluster whose settings name an image of it. */
export function sentinelFacet(
  api: ClusterApi,
  { images }: { images?: { sentinel?: string | undefined } | undefined },
  shop: Workload,
): { sentinel?: SentinelPlace } {
  const image = images?.sentinel;
  return image === undefined ? {} : { sentinel: { start: (order) => start(api, { image, shop }, order) } };
}

/** The sentinel in a pod of a namespace of its own, which gives the shop's network policies, quotas and drains nothing to do. */
async function start(
  api: ClusterApi,
  site: Pick<PodWish, 'image' | 'shop'>,
  order: SentinelOrder,
): Promise<SentinelPod> {
  const { runId, zone, spec, onLine } = order;
  const wish: PodWish = {
    ...order,
    ...site,
    namespace: `tenfold-${runId.toLowerCase()}-sentinel`,
    container: containers.sentinel,
    file: { name: 'spec', key: 'sentinel.json', content: Buffer.from(spec) },
    nodes: zone === null ? {} : { [zoneLabel]: zone },
    environment: {},
    size,
  };
  const job = podJob(wish, { name: 'sentinel', args: (file) => ['/app/sentinel.mjs', file] });
  const started = await startOwnPods(api, {
    what: 'the sentinel',
    namespace: wish.namespace,
    container: wish.container,
    objects: [...sharedObjects(wish), job],
    count: 1,
    ready: (all) => all.filter(podIsReady),
    order,
    onLine: (_, line) => onLine(line),
  });
  const [pod] = started.pods;
  if (pod === undefined) throw new Error('the sentinel has no pod');
  return {
    ...pod,
    nodeLost: () => whyLost(api, pod.node).catch(() => null),
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

async function whyLost(api: ClusterApi, name: string): Promise<string | null> {
  const { items } = await listAll<V1Node>(api, 'v1', 'Node');
  const node = items.find(({ metadata }) => metadata?.name === name);
  if (!node) return `node ${name} is gone`;
  if (!nodeIsReady(node)) return `node ${name} is not ready`;
  const taint = node.spec?.taints?.find(({ effect }) => effect === 'NoExecute');
  return taint ? `node ${name} lets no pod stay (${taint.key})` : null;
}
