import { type KubernetesObject, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import type { Database } from '../../model/facets.ts';
import { apiWords, type ClusterApi, isNotFound } from './cluster-api.ts';
import { holdBack } from './hold-back.ts';
import { podIsReady, zoneOf } from './objects.ts';
import { type Watched, watched } from './watched.ts';
import type { Watches } from './watches.ts';

/** What is read of a CloudNativePG cluster. */
export interface CnpgCluster extends KubernetesObject {
  spec?: { instances?: number };
  status?: {
    phase?: string;
    currentPrimary?: string;
    targetPrimary?: string;
    instanceNames?: string[];
    readyInstances?: number;
  };
}

const healthyPhase = 'Cluster in healthy state';

export const isHealthy = ({ spec, status }: CnpgCluster): boolean =>
  status?.phase === healthyPhase &&
  status.currentPrimary !== undefined &&
  status.currentPrimary === status.targetPrimary &&
  (status.readyInstances ?? 0) >= (spec?.instances ?? 0);

export interface CnpgPlace {
  namespace: string;
  /** Of the resource Cluster. */
  name: string;
}

/** The CloudNativePG clusters of a namespace, by name; undefined where CloudNativePG is not installed. */
export async function cnpgNames({ custom }: ClusterApi, namespace: string): Promise<string[] | undefined> {
  const of = { group: 'postgresql.cnpg.io', version: 'v1', plural: 'clusters', namespace };
  const found: { items: CnpgCluster[] } | undefined = await custom
    .listNamespacedCustomObject(of)
    .catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  return found?.items.flatMap(({ metadata }) => metadata?.name ?? []);
}

/** A CloudNativePG cluster as it is watched; resolves once it has been listed. */
export async function watchCnpg(api: ClusterApi, { namespace, name }: CnpgPlace): Promise<CnpgWatch> {
  const kind = { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', plural: 'clusters', namespace };
  const clusters = watched<CnpgCluster>(api, kind);
  await clusters.listed.catch((error: unknown) => {
    clusters[Symbol.dispose]();
    throw new Error(`CloudNativePG clusters in ${namespace} cannot be watched: ${apiWords(error)}`, { cause: error });
  });
  return {
    namespace,
    clusters,
    now() {
      const found = clusters.all().find(({ metadata }) => metadata?.name === name);
      if (!found) throw cannotTell(`there is no CloudNativePG cluster ${name} in ${namespace} any more`);
      return found;
    },
    [Symbol.dispose]: () => clusters[Symbol.dispose](),
  };
}

export interface CnpgWatch extends Disposable {
  namespace: string;
  /** All of the namespace. */
  clusters: Watched<CnpgCluster>;
  /** @throws where there is none */
  now(): CnpgCluster;
}

/** A CloudNativePG cluster. Its operator alone fails over: here its primary is killed, or another one made the target. */
export function cnpgDatabase(
  api: ClusterApi,
  cnpg: CnpgWatch,
  watches: Watches,
  { holdsBack }: { holdsBack: boolean },
): Database {
  const { namespace } = cnpg;
  const cluster = () => {
    watches.refuseStale();
    return cnpg.now();
  };
  const podsOf = () =>
    watches.pods.all().filter(({ metadata }) => metadata?.labels?.['cnpg.io/podRole'] === 'instance');
  return {
    id: 'db',
    source: 'status of the CloudNativePG cluster',
    async state() {
      const found = cluster();
      const { phase = 'unknown', currentPrimary, instanceNames = [] } = found.status ?? {};
      return {
        status: isHealthy(found) ? 'available' : phase === healthyPhase ? 'without all of its instances' : phase,
        writer: currentPrimary,
        readers: instanceNames.filter((name) => name !== currentPrimary),
      };
    },
    async instances() {
      const nodes = new Map(watches.nodes.all().map((node) => [node.metadata?.name, node]));
      const pods = new Map(podsOf().map((pod) => [pod.metadata?.name, pod]));
      return (cluster().status?.instanceNames ?? []).map((id) => {
        const pod = pods.get(id);
        return {
          id,
          zone: zoneOf(nodes.get(pod?.spec?.nodeName)),
          status: pod && podIsReady(pod) ? 'available' : 'away',
        };
      });
    },
    async failOver(target) {
      const { currentPrimary } = cluster().status ?? {};
      if (!currentPrimary) throw new Error(`the database in ${namespace} has no primary`);
      if (target !== undefined) return await switchOver(api, namespace, cluster(), target);
      if (holdsBack) await holdBack(api, { namespace, pod: currentPrimary });
      await api.core.deleteNamespacedPod({ name: currentPrimary, namespace, gracePeriodSeconds: 0 });
    },
  };
}

/** As `kubectl cnpg promote` does it. */
async function switchOver(
  api: ClusterApi,
  namespace: string,
  { metadata }: CnpgCluster,
  target: string,
): Promise<void> {
  const status = {
    targetPrimary: target,
    targetPrimaryTimestamp: new Date().toISOString(),
    phase: 'Switchover in progress',
  };
  await api.custom.patchNamespacedCustomObjectStatus(
    {
      group: 'postgresql.cnpg.io',
      version: 'v1',
      plural: 'clusters',
      namespace,
      name: metadata?.name ?? '',
      body: { status },
    },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  );
}
