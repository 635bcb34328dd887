import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubernetesObject, loadAllYaml, loadYaml } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { rootFolder } from '../../runtime/processes.ts';

const folder = join(rootFolder, 'infra-under-test', 'kubernetes');

/** Marks every object of a run. */
export const runLabel = 'tenfold.dev/run';

/** An object of a manifest, of whatever kind. */
// biome-ignore lint/suspicious/noExplicitAny: a manifest holds any field, and the API server checks them
export type Manifest = KubernetesObject & Record<string, any>;

/** The manifests of the platform as they are written, in the order of their kustomization. */
export async function readManifests(): Promise<Manifest[]> {
  const { resources } = loadYaml<{ resources: string[] }>(await readFile(join(folder, 'kustomization.yaml'), 'utf8'));
  const texts = await Promise.all(resources.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => loadAllYaml(text) as Manifest[]);
}

export interface Wish {
  runId: string;
  namespace: string;
  /** Protections of the shop that are switched off. */
  without: readonly string[];
  /** Pods from the start; undefined: as few as the manifest says. */
  pods: number | undefined;
}

/** The manifests for one run on one cluster: its namespace and label, the cluster's images and storage, passwords of its own. */
export const manifestsFor = (manifests: readonly Manifest[], wish: Wish, settings: ClusterSettings): Manifest[] =>
  manifests.map((manifest) => {
    const object = structuredClone(manifest);
    const { metadata } = object;
    const labels = { ...metadata?.labels, [runLabel]: wish.runId };
    object.metadata = { ...metadata, namespace: wish.namespace, labels };
    changes[object.kind ?? '']?.(object, wish, settings);
    return object;
  });

type Change = (object: Manifest, wish: Wish, settings: ClusterSettings) => void;

const changes: Record<string, Change> = {
  Secret: ({ stringData }) => {
    stringData.password = randomBytes(18).toString('base64url');
  },
  Cluster: ({ spec }, _, { images, storageClass }) => {
    if (images.postgres) spec.imageName = images.postgres;
    if (storageClass) spec.storage.storageClass = storageClass;
  },
  Service: ({ spec }, _, { nodePort }) => {
    if (nodePort !== undefined && spec.type === 'LoadBalancer') spec.ports[0].nodePort = nodePort;
  },
  Deployment: shopContainers,
  Job: shopContainers,
  HorizontalPodAutoscaler: ({ spec }, { pods }) => {
    if (pods !== undefined) spec.minReplicas = pods;
  },
};

function shopContainers({ spec }: Manifest, { runId, without }: Wish, { images }: ClusterSettings): void {
  const { metadata, spec: pod } = spec.template;
  metadata.labels = { ...metadata.labels, [runLabel]: runId };
  for (const container of pod.containers) {
    container.image = images.storefront;
    if (without.length > 0) container.env.push({ name: 'WITHOUT', value: without.join(',') });
  }
}
