import type { V1Deployment, V1Pod, V1Probe, V1StatefulSet } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import type { WorkloadState, Workloads } from '../../model/facets.ts';
import type { WorkloadSize } from '../../model/target.ts';
import { whyUnanswered } from './ask-name.ts';
import { type ClusterApi, type ClusterPlace, listAll } from './cluster-api.ts';
import { dnsToZero } from './dns.ts';
import { type Field, fieldChange } from './field-change.ts';
import { podIsReady, servingContainer } from './objects.ts';
import { toZero } from './to-zero.ts';
import type { Watched } from './watched.ts';
import { hasLabels, noneReady, type Workload } from './workload.ts';

/** Nothing listens there; with what the API server would fill in. */
const failingProbe = {
  tcpSocket: { port: 1 },
  timeoutSeconds: 1,
  periodSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
} satisfies V1Probe;

type Found = { kind: 'Deployment'; object: V1Deployment } | { kind: 'StatefulSet'; object: V1StatefulSet };

/** What runs the pods of a namespace, and how a drill changes it. */
export function workloadsOf(
  api: ClusterApi,
  workload: Workload,
  pods: Pick<Watched<V1Pod>, 'all'>,
  place: ClusterPlace,
): Workloads {
  const { namespace, labels } = workload;
  const find = async ({ kind, name }: WorkloadState): Promise<Found> => {
    const found = (await findAll(api, namespace)).find(
      (one) => one.kind === kind && one.object.metadata?.name === name,
    );
    if (!found) throw cannotTell(`there is no ${kind} ${name} in ${namespace} any more`);
    return found;
  };
  return {
    list: async () => (await findAll(api, namespace)).map((found) => stateOf(found, labels)),
    async rollOutUnready(state) {
      const { object } = await find(state);
      const { container, index } = servingContainer(object.spec?.template.spec?.containers);
      const { name, readinessProbe: former } = container;
      const path = `/spec/template/spec/containers/${index}/readinessProbe`;
      return {
        ...fieldChange(api, place, { ...whichOf(state, object), path }, { former, given: failingProbe }),
        evidence: () => unreadyPod(pods.all(), object, name),
      };
    },
    async scaleToZero(state) {
      const { object } = await find(state);
      return {
        ...toZero(api, place, whichOf(state, object), state.replicas),
        evidence: () => noneReady(pods.all(), state.name, object.spec?.selector.matchLabels ?? {}),
      };
    },
    dnsToZero: () => dnsToZero(api, place, () => whyUnanswered(api, workload, pods.all())),
  };
}

async function findAll(api: ClusterApi, namespace: string): Promise<Found[]> {
  const deployments = await listAll<V1Deployment>(api, 'apps/v1', 'Deployment', { namespace });
  const statefulSets = await listAll<V1StatefulSet>(api, 'apps/v1', 'StatefulSet', { namespace });
  return [
    ...deployments.items.map((object) => ({ kind: 'Deployment', object }) as const),
    ...statefulSets.items.map((object) => ({ kind: 'StatefulSet', object }) as const),
  ];
}

/** What the inventory tells of the workloads of a namespace. */
export const workloadSizes = async (api: ClusterApi, { namespace, labels }: Workload): Promise<WorkloadSize[]> =>
  (await findAll(api, namespace)).map((found) => sizeOf(found, labels));

/** How many pods it has, and how many of them a rollout may take away at once. */
export function sizeOf({ kind, object }: Found, labels: Workload['labels']): WorkloadSize {
  const { name, servesShoppers, replicas: pods } = stateOf({ kind, object } as Found, labels);
  return { kind, name, servesShoppers, pods, mayLose: kind === 'Deployment' ? mayLose(object, pods) : 1 };
}

function mayLose({ spec }: V1Deployment, pods: number): number {
  if (spec?.strategy?.type === 'Recreate') return pods;
  const most = spec?.strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  return typeof most === 'string' ? Math.floor((pods * Number.parseInt(most, 10)) / 100) : most;
}

const whichOf = ({ kind, name }: WorkloadState, { metadata }: Found['object']): Omit<Field, 'path'> => ({
  kind,
  namespace: metadata?.namespace ?? '',
  name,
  uid: metadata?.uid ?? '',
});

/** A pod of the bad revision that runs and is not ready, in words. */
function unreadyPod(pods: readonly V1Pod[], { spec }: Found['object'], container: string): string | undefined {
  const wanted = spec?.selector.matchLabels ?? {};
  const bad = pods.find(
    (pod) =>
      hasLabels(pod.metadata?.labels, wanted) &&
      !podIsReady(pod) &&
      pod.spec?.containers.some(({ name, readinessProbe }) => name === container && isFailing(readinessProbe)) &&
      pod.status?.containerStatuses?.some(({ name, started }) => name === container && started),
  );
  return bad && `pod ${bad.metadata?.name} of the new revision runs, and is not ready`;
}

const isFailing = (probe: V1Probe | undefined): boolean => probe?.tcpSocket?.port === failingProbe.tcpSocket.port;

function stateOf({ kind, object }: Found, labels: Workload['labels']): WorkloadState {
  const { metadata, spec } = object;
  return {
    kind,
    name: metadata?.name ?? '',
    servesShoppers: hasLabels(spec?.template.metadata?.labels, labels),
    replicas: spec?.replicas ?? 1,
    unsettled: managed(object) ?? (kind === 'Deployment' ? unsettled(object) : null),
  };
}

/** That something of another kind runs it, and would change it back. */
function managed({ metadata }: Found['object']): string | null {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller);
  return owner ? `${owner.kind} ${owner.name} runs it, and would change it back` : null;
}

/** Why a rollout would not begin, or cannot be told from one that is under way. */
function unsettled({ metadata, spec, status }: V1Deployment): string | null {
  const wanted = spec?.replicas ?? 1;
  if (spec?.paused) return 'its rollouts are paused';
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0) || (status?.updatedReplicas ?? 0) < wanted)
    return 'a rollout of it is under way';
  return null;
}
