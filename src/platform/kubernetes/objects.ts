/** What Kubernetes objects say, read without a client. */
import type { V1Container, V1Deployment, V1Node, V1Pod } from '@kubernetes/client-node';
import type { CapacityType } from '../../model/facets.ts';

export const zoneLabel = 'topology.kubernetes.io/zone';

/** A list has instants as dates, a watch as they came over the wire. */
export const instantMs = (instant: Date | undefined | null): number | null =>
  instant ? new Date(instant).getTime() : null;

export const conditionOf = ({ status }: V1Node | V1Pod, type: string) =>
  status?.conditions?.find((condition) => condition.type === type);

/** When it last became what it is. */
export const conditionMs = (of: V1Node | V1Pod, type: string): number | null =>
  instantMs(conditionOf(of, type)?.lastTransitionTime);

const isTrue = (conditions: { type: string; status: string }[] | undefined, type: string): boolean =>
  conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

export const nodeIsReady = ({ status }: V1Node): boolean => isTrue(status?.conditions, 'Ready');

/** Ready, and taking pods. */
export const nodeIsUsable = (node: V1Node): boolean => nodeIsReady(node) && !node.spec?.unschedulable;

/** It has ended, and only its record is left. */
export const podIsOver = ({ status }: V1Pod): boolean => ['Failed', 'Succeeded'].includes(status?.phase ?? '');

/** Serving: ready, and not being taken away. */
export const podIsReady = ({ status, metadata }: V1Pod): boolean =>
  isTrue(status?.conditions, 'Ready') && !metadata?.deletionTimestamp;

export const zoneOf = (node: V1Node | undefined): string => node?.metadata?.labels?.[zoneLabel] ?? '';

/** As Karpenter, EKS, AKS and GKE mark their spot nodes. */
const spotLabels: Record<string, string> = {
  'karpenter.sh/capacity-type': 'spot',
  'eks.amazonaws.com/capacityType': 'SPOT',
  'kubernetes.azure.com/scalesetpriority': 'spot',
  'cloud.google.com/gke-spot': 'true',
};
export const capacityOf = ({ metadata }: V1Node): CapacityType =>
  Object.entries(spotLabels).some(([label, value]) => metadata?.labels?.[label] === value) ? 'spot' : 'on-demand';

/** A quantity of CPU in cores: 0.1, 100m, 2500000n. */
export function cores(quantity: string | undefined): number | null {
  const match = /^([\d.]+)([num]?)$/.exec(quantity ?? '');
  if (!match) return null;
  const unit = { n: 1e-9, u: 1e-6, m: 1e-3, '': 1 }[match[2] ?? ''] ?? 1;
  return Number(match[1]) * unit;
}

const byteUnits: Record<string, number> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity of memory in bytes: 512Mi, 1G, 128974848; null where it is none. */
export function bytes(quantity: string | undefined): number | null {
  const [, number, unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(quantity ?? '') ?? [];
  const factor = byteUnits[unit];
  return number === undefined || factor === undefined ? null : Math.floor(Number(number) * factor);
}

/** How often its containers have been started again. */
export const restartsOf = ({ status }: V1Pod): number =>
  (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

/** The container that says whether a pod can serve, or else the first one, by its place. */
export function servingContainer(containers: readonly V1Container[] = []): { container: V1Container; index: number } {
  const index = Math.max(
    0,
    containers.findIndex(({ readinessProbe }) => readinessProbe !== undefined),
  );
  const container = containers[index];
  if (!container) throw new Error('a pod without containers');
  return { container, index };
}

/** What a deployment sets of the environment of its containers; undefined where it sets it not, or not by a value. */
export const variableOf = ({ spec }: V1Deployment, wanted: string): string | undefined =>
  spec?.template.spec?.containers.flatMap(({ env = [] }) => env).find(({ name }) => name === wanted)?.value;
