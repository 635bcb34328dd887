import { type V1Node, VersionApi } from '@kubernetes/client-node';
import type { PowerCommands } from '../../model/cluster-settings.ts';
import type { ConfigCluster } from '../../model/config.ts';
import type { Facets, Machines } from '../../model/facets.ts';
import type { Inventory } from '../../model/target.ts';
import { waitFor } from '../../runtime/clock.ts';
import { chaosFacets } from './chaos/chaos-tools.ts';
import { apiWords, type ClusterApi, listAll, placeOf } from './cluster-api.ts';
import { clusterFacet } from './cluster-facet.ts';
import { type CnpgWatch, cnpgDatabase, watchCnpg } from './cnpg-database.ts';
import { controlPlaneOf } from './control-plane.ts';
import { networkRules } from './database-cut.ts';
import { handsOf } from './hands.ts';
import { loadFacet } from './load/load-place.ts';
import { sentinelFacet } from './load/sentinel-place.ts';
import { capacityOf, nodeIsUsable, zoneOf } from './objects.ts';
import { shapingOf } from './shaping/shaping.ts';
import { type Watches, watchAll } from './watches.ts';
import type { Workload } from './workload.ts';
import { workloadsOf } from './workloads.ts';

/** What of a cluster is drilled. */
export interface ClusterParts {
  workload: Workload;
  /** The name of its CloudNativePG cluster; null: it has none. */
  cnpg: string | null;
  /** What they leave out, a drill cannot do. */
  settings: Pick<ConfigCluster, 'machines' | 'controlPlane' | 'images' | 'loadNodes'>;
  /** Left out: it does. */
  drainsOnNotice?: boolean;
  /** Whether its database's primary, when it is to be lost, sends its standbys nothing more; left out: it goes as it is. */
  holdsBack?: boolean;
  /** The folder that the commands run in. */
  folder: string;
  /** The environment variables whose values are never written down. */
  secrets: readonly string[];
}

/** A cluster that is watched, and the facets that come of it. */
export interface OpenCluster extends Disposable {
  watches: Watches;
  /** Of Kubernetes. */
  version: string;
  /** null where no name was given. */
  cnpg: CnpgWatch | null;
  facets: Pick<Facets, 'cluster' | 'kubernetes' | 'workloads'> &
    Partial<
      Pick<
        Facets,
        | 'database'
        | 'network'
        | 'machines'
        | 'machineLinks'
        | 'controlPlane'
        | 'shaping'
        | 'chaosMesh'
        | 'litmus'
        | 'load'
        | 'sentinel'
      >
    >;
}

/** Starts to watch; resolves once all is known. Where something cannot be, nothing is watched any more. */
export async function openCluster(api: ClusterApi, parts: ClusterParts): Promise<OpenCluster> {
  using stack = new DisposableStack();
  const { workload, cnpg: name, settings, folder, secrets } = parts;
  const { machines, controlPlane, images } = settings;
  const { drainsOnNotice = true, holdsBack = false } = parts;
  const { namespace } = workload;
  const { gitVersion: version } = await api.config.makeApiClient(VersionApi).getCode();
  const place = await placeOf(api);
  const watches = stack.use(await watchAll(api, namespace));
  const cnpg = name === null ? null : stack.use(await watchCnpg(api, { namespace, name }));
  const cluster = stack.use(clusterFacet(api, workload, watches, cnpg));
  const facets = {
    cluster,
    kubernetes: { ...handsOf(api, namespace, watches, place), drainsOnNotice },
    workloads: workloadsOf(api, workload, watches.pods, place),
    ...(cnpg && { database: cnpgDatabase(api, cnpg, watches, { holdsBack }) }),
    ...(name !== null && { network: networkRules(api, { workload, database: name, pods: watches.pods.all, place }) }),
    ...(await chaosFacets(api, place, namespace)),
    ...(machines && { machines: { ...machinesOf(machines), cwd: folder, secrets } }),
    ...(machines?.cut &&
      machines.join && {
        machineLinks: { ...machinesOf({ off: machines.cut, on: machines.join }), cwd: folder, secrets },
      }),
    ...(images?.network !== undefined && {
      shaping: shapingOf(api, { image: images.network, namespace, pods: watches.pods, place }),
    }),
    ...(controlPlane && { controlPlane: controlPlaneOf(api, controlPlane, { folder, secrets }) }),
    ...(await loadFacet(api, settings, workload)),
    ...sentinelFacet(api, settings, workload),
  };
  const all = stack.move();
  return { watches, version, cnpg, facets, [Symbol.dispose]: () => all.dispose() };
}

function machinesOf({ off, on }: Pick<PowerCommands, 'off' | 'on'>): Pick<Machines, 'off' | 'on'> {
  const of = ({ argv: [program, ...args], timeoutMs }: PowerCommands['off'], node: string) => ({
    argv: [program, ...args.map((arg) => arg.replaceAll('{node}', node))] as [string, ...string[]],
    timeoutMs,
  });
  return { off: (node) => of(off, node), on: (node) => of(on, node) };
}

/** The zones and nodes of a cluster, without watching it. */
export async function nodesOf(api: ClusterApi): Promise<Pick<Inventory, 'zones' | 'nodes'>> {
  const { items } = await listAll<V1Node>(api, 'v1', 'Node');
  const nodes = items.map((node) => ({
    name: node.metadata?.name ?? '',
    zone: zoneOf(node),
    capacity: capacityOf(node),
  }));
  return { nodes, zones: [...new Set(nodes.map(({ zone }) => zone))].filter(Boolean).sort() };
}

/** The nodes that there are, by name, and whether each is ready and takes pods. */
async function nodesNow(api: ClusterApi): Promise<Map<string, boolean>> {
  const { items } = await listAll<V1Node>(api, 'v1', 'Node');
  return new Map(items.map((node) => [node.metadata?.name ?? '', nodeIsUsable(node)]));
}

const usableIn = (nodes: ReadonlyMap<string, boolean>): string[] => [...nodes.keys()].filter((name) => nodes.get(name));

/** Which of the nodes of before are missed: whatever is still there and not usable, and what is gone, unless as many others have come. */
function missed(
  before: readonly string[],
  now: ReadonlyMap<string, boolean>,
  scaledDown: ReadonlySet<string>,
): string[] {
  const wanted = before.filter((name) => !scaledDown.has(name));
  const come = usableIn(now).filter((name) => !before.includes(name));
  const gone = wanted.filter((name) => !now.has(name));
  return wanted.filter((name) => (now.has(name) ? !now.get(name) : gone.length > come.length));
}

/** A machine that was switched on has to boot. */
const bootMs = 60_000;

/**
 * Remembers the nodes that are ready and take pods.
 * @returns which of them no longer are or do, in words; waits for them for a bounded time. One that is gone counts only where no other
 *   has taken its place, and no autoscaler was seen to take it away; one that is still there whatever others have come. Where they cannot
 *   be looked at, that is what is returned
 */
export async function rememberNodes(api: ClusterApi): Promise<(signal: AbortSignal) => Promise<string[]>> {
  const before = usableIn(await nodesNow(api));
  return async (signal) => {
    let left: string[] | undefined;
    const asBefore = async () => {
      const now = await nodesNow(api).catch((error: unknown) => {
        throw new Error(apiWords(error), { cause: error });
      });
      left = missed(before, now, api.scaledDown).map(
        (name) => `node ${name} was ready and took pods before the drill, and is not or does not`,
      );
      return left.length === 0 || undefined;
    };
    const waiting = { timeoutMs: bootMs, intervalMs: 1_000, signal };
    const failure = await waitFor('the nodes to be as before', asBefore, waiting).then(
      () => undefined,
      (error: Error) => error.message,
    );
    return left ?? [`the nodes could not be looked at: ${failure}`];
  };
}
