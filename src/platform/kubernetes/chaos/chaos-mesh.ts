import type { KubernetesObject, V1DaemonSet, V1Deployment } from '@kubernetes/client-node';
import type { ChaosMesh, ChaosMeshObject, Ordered } from '../../../model/facets.ts';
import { type ClusterApi, type ClusterPlace, isForbidden, listAll } from '../cluster-api.ts';
import { variableOf } from '../objects.ts';
import { type ChaosSite, chaosObject, orProblems } from './chaos-object.ts';

export const meshApi = { group: 'chaos-mesh.org', version: 'v1alpha1' } as const;

/** Chaos Mesh on the cluster of a shop. */
export const chaosMesh = (api: ClusterApi, place: ClusterPlace, namespace: string): ChaosMesh => ({
  namespace,
  order: (object, runId) => orProblems(orderAt({ api, place, namespace }, object, runId)),
});

async function orderAt({ api, place, namespace }: ChaosSite, object: ChaosMeshObject, runId: string): Promise<Ordered> {
  const problems = await meshLacks(api, namespace, object);
  if (problems.length > 0) return { problems };
  const at = { ...meshApi, plural: object.kind.toLowerCase(), namespace };
  return await chaosObject({ api, place, at, object, runId, results: '', evidence: injectedWords });
}

/** As the chart and the install script of Chaos Mesh call them. */
const managerName = 'chaos-controller-manager';
const daemonName = 'chaos-daemon';

/** What of an installation would let an object do nothing; nothing where it may not be looked at. */
async function meshLacks(api: ClusterApi, namespace: string, object: ChaosMeshObject): Promise<string[]> {
  const named = (name: string) => ({ fields: `metadata.name=${name}` });
  try {
    const managers = await listAll<V1Deployment>(api, 'apps/v1', 'Deployment', named(managerName));
    const daemons = await listAll<V1DaemonSet>(api, 'apps/v1', 'DaemonSet', named(daemonName));
    const { metadata } = await api.core.readNamespace({ name: namespace });
    return [
      ...managerLacks(managers.items, { name: namespace, annotations: metadata?.annotations ?? {} }),
      ...(needsDaemon(object) && !daemons.items.some(({ status }) => (status?.numberReady ?? 0) > 0)
        ? [`no pod of Chaos Mesh's ${daemonName} is ready, which does this on the nodes`]
        : []),
    ];
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}

/** Pods are deleted by the API; everything else is done on their nodes. */
const needsDaemon = ({ spec }: ChaosMeshObject): boolean => !('action' in spec) || spec.action !== 'pod-kill';

const injectAnnotation = 'chaos-mesh.org/inject';

/** What keeps all controllers that there are from a namespace, in words. */
export function managerLacks(
  managers: readonly V1Deployment[],
  { name, annotations }: { name: string; annotations: Record<string, string> },
): string[] {
  const ready = managers.filter(({ status }) => (status?.readyReplicas ?? 0) > 0);
  if (ready.length === 0)
    return [`no pod of Chaos Mesh's ${managerName} is ready: its resources are installed, and nothing acts on them`];
  const near = ready.filter(
    (one) => variableOf(one, 'CLUSTER_SCOPED') !== 'false' || variableOf(one, 'TARGET_NAMESPACE') === name,
  );
  if (near.length === 0)
    return [
      `Chaos Mesh acts in namespace ${ready.map((one) => variableOf(one, 'TARGET_NAMESPACE')).join(', ')} alone, and not in ${name}: install it with clusterScoped: true`,
    ];
  const isLet = near.some((one) => variableOf(one, 'ENABLE_FILTER_NAMESPACE') !== 'true');
  return isLet || annotations[injectAnnotation] === 'enabled'
    ? []
    : [
        `Chaos Mesh acts only in namespaces that allow it (enableFilterNamespace): kubectl annotate namespace ${name} ${injectAnnotation}=enabled`,
      ];
}

/** What is read of an object of Chaos Mesh. */
export interface MeshObject extends KubernetesObject {
  status?: {
    conditions?: { type: string; status: string }[];
    experiment?: { desiredPhase?: string; containerRecords?: MeshRecord[] };
  };
}

interface MeshRecord {
  /** Namespace, pod, and container where it is one. */
  id: string;
  phase: string;
  events?: { type: string; operation: string; message?: string }[];
}

/** @throws why it is not injected, in words */
export function injectedWords({ kind, metadata, status }: MeshObject): string {
  const what = `${kind} ${metadata?.name}`;
  const isTrue = (type: string) => status?.conditions?.some((one) => one.type === type && one.status === 'True');
  if (isTrue('AllInjected')) return `Chaos Mesh has injected ${what}`;
  const { desiredPhase, containerRecords: records = [] } = status?.experiment ?? {};
  const failures = records.flatMap(failureOf);
  if (failures.length > 0) throw new Error(`Chaos Mesh fails at ${what}: ${failures.join('; ')}`);
  if (status?.conditions === undefined) throw new Error(`Chaos Mesh has not looked at ${what}`);
  if (isTrue('Paused')) throw new Error(`somebody has paused ${what}`);
  if (!isTrue('Selected')) throw new Error(`Chaos Mesh has found no pod for ${what}`);
  if (desiredPhase === 'Stop') throw new Error(`${what} is over`);
  const { length } = records.filter(({ phase }) => phase === 'Injected');
  throw new Error(`Chaos Mesh has injected ${what} in ${length} of ${records.length}`);
}

/** What was tried last, where it failed. */
function failureOf({ id, events = [] }: MeshRecord): string[] {
  const last = events.at(-1);
  return last?.type === 'Failed' ? [`${id}: ${last.message || last.operation}`] : [];
}
