import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubernetesObject, loadAllYaml, loadYaml } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { rootFolder } from '../../runtime/processes.ts';
import { clusterProtections } from './protections.ts';

const folder = join(rootFolder, 'infra-under-test', 'kubernetes');

/** Marks every object of a run. */
export const runLabel = 'tenfold.dev/run';
/** Marks objects outside all namespaces by the namespace that they go with: a run may have several. */
export const namespaceLabel = 'tenfold.dev/namespace';

/** An object of a manifest, of whatever kind. */
// biome-ignore lint/suspicious/noExplicitAny: a manifest holds any field, and the API server checks them
export type Manifest = KubernetesObject & Record<string, any>;

/** Files of parts that a cluster may go without. */
const isFor: Record<string, (settings: Parts) => boolean> = {
  'ingress.yaml': ({ reach }) => reach === 'ingress',
  'redis.yaml': ({ redis }) => redis,
};

/** What of the settings says which parts a platform has. */
export type Parts = Pick<ClusterSettings, 'redis' | 'reach'>;

/** The manifests of the platform as they are written, in the order of their kustomization, without the parts that a cluster goes without. */
export async function readManifests(settings: Parts): Promise<Manifest[]> {
  const { resources } = loadYaml<{ resources: string[] }>(await readFile(join(folder, 'kustomization.yaml'), 'utf8'));
  const wanted = resources.filter((name) => isFor[name]?.(settings) ?? true);
  const texts = await Promise.all(wanted.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => loadAllYaml(text) as Manifest[]);
}

export interface Wish {
  runId: string;
  namespace: string;
  /** Protections that are switched off, the shop's and the cluster's. */
  without: readonly string[];
  /** Pods from the start; undefined: as few as the manifest says. */
  pods: number | undefined;
}

/** The manifests for one run on one cluster: its namespace and label, the cluster's images and storage, passwords of its own. */
export const manifestsFor = (manifests: readonly Manifest[], wish: Wish, settings: ClusterSettings): Manifest[] =>
  manifests.filter(isWanted(wish)).map((manifest) => {
    const object = structuredClone(manifest);
    const { kind = '', metadata } = object;
    const { runId, namespace } = wish;
    const ofCluster = isOfCluster(kind);
    const place = ofCluster ? { name: ofRun(metadata?.name, wish) } : { namespace };
    const labels = { ...metadata?.labels, [runLabel]: runId, ...(ofCluster && { [namespaceLabel]: namespace }) };
    object.metadata = { ...metadata, ...place, labels };
    changes[kind]?.(object, wish, settings);
    return object;
  });

/** Objects that are a protection by themselves. */
const protectionOf: Record<string, string> = {
  HorizontalPodAutoscaler: 'autoscaling',
  PodDisruptionBudget: 'disruption-budget',
};

const isWanted =
  ({ without }: Wish) =>
  ({ kind = '' }: Manifest): boolean =>
    !without.includes(protectionOf[kind] ?? '');

/** In no namespace: such objects of several runs stand side by side, each named after its own. */
const isOfCluster = (kind: string): boolean => kind === 'PriorityClass';

/** `tenfold-shop` in a manifest is `tenfold-<run>-shop` on a cluster. */
const ofRun = (name = '', { namespace }: Wish): string => name.replace(/^tenfold/, namespace);

type Change = (object: Manifest, wish: Wish, settings: ClusterSettings) => void;

const changes: Record<string, Change> = {
  Secret: ({ stringData }) => {
    const password = randomBytes(18).toString('hex');
    for (const key of Object.keys(stringData)) stringData[key] = stringData[key].replace('change-me', password);
  },
  Cluster: ({ spec }, wish, { images, storageClass }) => {
    spec.priorityClassName = ofRun(spec.priorityClassName, wish);
    if (images.postgres) spec.imageName = images.postgres;
    if (storageClass) spec.storage.storageClass = storageClass;
    if (wish.without.includes('quorum-commit')) delete spec.postgresql.synchronous;
  },
  Service: ({ spec }, _, { reach, nodePort }) => {
    if (nodePort !== undefined && spec.type === 'LoadBalancer') spec.ports[0].nodePort = nodePort;
    // A load balancer takes an address, and costs.
    if (spec.type === 'LoadBalancer' && reach !== 'load-balancer') spec.type = 'ClusterIP';
  },
  Ingress: ({ spec }, _, { ingress }) => {
    spec.rules[0].host = ingress?.host;
    spec.ingressClassName = ingress?.className;
  },
  Deployment: (object, wish, settings) => {
    if (object.metadata?.name === 'storefront') shopAsWished(object, wish, settings);
    ownPods(object, wish, settings);
  },
  Job: ownPods,
  HorizontalPodAutoscaler: ({ spec }, { pods }, { timeScale }) => {
    // Scaled out as on the eve of a peak: what comes and goes with the load by itself is no recovery, and no loss.
    if (pods !== undefined) spec.minReplicas = spec.maxReplicas = pods;
    for (const rules of [spec.behavior.scaleUp, spec.behavior.scaleDown]) {
      rules.stabilizationWindowSeconds = Math.round(rules.stabilizationWindowSeconds / timeScale);
      for (const policy of rules.policies)
        policy.periodSeconds = Math.max(1, Math.round(policy.periodSeconds / timeScale));
    }
  },
};

/** As in autoscaling.yaml. */
const fewestPods = 3;

/** All pods in the zone of the database's primary, as somebody might want them for the latency. */
function besideTheWriter(pod: Manifest): void {
  delete pod.topologySpreadConstraints;
  pod.affinity.podAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        topologyKey: 'topology.kubernetes.io/zone',
        labelSelector: { matchLabels: { 'cnpg.io/instanceRole': 'primary' } },
      },
    ],
  };
}

function shopAsWished({ spec }: Manifest, { without, pods }: Wish, { podCpu }: ClusterSettings): void {
  const pod = spec.template.spec;
  // Without autoscaling nothing else says how many there are.
  if (without.includes('autoscaling')) spec.replicas = pods ?? fewestPods;
  if (without.includes('zone-spread')) besideTheWriter(pod);
  if (podCpu) pod.containers[0].resources.requests.cpu = podCpu;
}

function ownPods({ spec }: Manifest, wish: Wish, { images }: ClusterSettings): void {
  const { metadata, spec: pod } = spec.template;
  const { runId, without } = wish;
  metadata.labels = { ...metadata.labels, [runLabel]: runId };
  pod.priorityClassName = ofRun(pod.priorityClassName, wish);
  const shops = without.filter((name) => !clusterProtections.includes(name));
  for (const container of pod.containers) {
    const image = container.name === 'redis' ? images.redis : images.storefront;
    if (image) container.image = image;
    if (container.name === 'storefront' && shops.length > 0)
      container.env.push({ name: 'WITHOUT', value: shops.join(',') });
  }
}
