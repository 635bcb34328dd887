import type { V1Pod } from '@kubernetes/client-node';
import { BatchV1Api } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { waitFor } from '../../runtime/clock.ts';
import { apply, type ClusterApi, listAll } from './cluster-api.ts';
import { type CnpgCluster, isHealthy } from './cnpg-database.ts';
import { type Manifest, manifestsFor, readManifests, type Wish } from './manifests.ts';
import { createNamespace } from './namespace.ts';
import { podIsReady } from './objects.ts';
import { type Waiting, waitForPods } from './stuck-pods.ts';

const databaseTimeoutMs = 300_000;
const migrationTimeoutMs = 180_000;
const podsTimeoutMs = 180_000;
const addressTimeoutMs = 60_000;

interface StandingUp {
  wish: Wish;
  settings: ClusterSettings;
  signal: AbortSignal;
  progress: (message: string) => void;
}

/** What comes after the database, by the kinds of its manifests. */
const laterKinds = ['Job', 'Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'];

/**
 * Applies the platform's manifests to a namespace of its own and waits until shoppers can come.
 * @returns the URL of the shop. @throws with what did not come up, and why
 */
export async function standUpShop(api: ClusterApi, { wish, settings, signal, progress }: StandingUp): Promise<string> {
  const { namespace } = wish;
  const manifests = manifestsFor(await readManifests(), wish, settings);
  const applyAll = async (wanted: (kind: string) => boolean) => {
    for (const manifest of manifests.filter(({ kind = '' }) => wanted(kind))) await apply(api, manifest);
  };
  const waiting = (timeoutMs: number): Waiting => ({ api, namespace, timeoutMs, signal });
  progress(`applying the platform to namespace ${namespace} of ${api.context}`);
  await createNamespace(api, wish);
  await applyAll((kind) => !laterKinds.includes(kind));
  progress('waiting for the database: three instances, one in each zone');
  await waitForPods('the database', waiting(databaseTimeoutMs), () => databaseLacks(api, namespace));
  progress("making the shop's tables");
  await applyAll((kind) => kind === 'Job');
  await waitForPods("the shop's tables", waiting(migrationTimeoutMs), () => migrationLacks(api, namespace));
  progress("waiting for the shop's pods");
  await applyAll((kind) => laterKinds.includes(kind) && kind !== 'Job');
  await waitForPods("the shop's pods", waiting(podsTimeoutMs), () => podsLack(api, namespace, manifests));
  return settings.baseUrl ?? (await addressOf(api, namespace, settings, signal));
}

async function databaseLacks(api: ClusterApi, namespace: string): Promise<string | undefined> {
  const { items } = await listAll<CnpgCluster>(api, 'postgresql.cnpg.io/v1', 'Cluster', { namespace });
  const [cluster] = items;
  return cluster && isHealthy(cluster) ? undefined : (cluster?.status?.phase ?? 'it has not been started');
}

async function migrationLacks({ config }: ClusterApi, namespace: string): Promise<string | undefined> {
  const { status } = await config.makeApiClient(BatchV1Api).readNamespacedJob({ name: 'migration', namespace });
  if ((status?.succeeded ?? 0) > 0) return undefined;
  return `the migration has not succeeded${status?.failed ? `, and failed ${status.failed} times` : ''}`;
}

async function podsLack(api: ClusterApi, namespace: string, manifests: Manifest[]): Promise<string | undefined> {
  const wanted: number = manifests.find(({ kind }) => kind === 'HorizontalPodAutoscaler')?.spec.minReplicas ?? 1;
  const { items } = await listAll<V1Pod>(api, 'v1', 'Pod', { namespace, labels: 'app=storefront' });
  const count = items.filter(podIsReady).length;
  return count >= wanted ? undefined : `${count} of ${wanted} pods are ready`;
}

async function addressOf(
  { core }: ClusterApi,
  namespace: string,
  { reach }: ClusterSettings,
  signal: AbortSignal,
): Promise<string> {
  const found = async () => {
    const { spec, status } = await core.readNamespacedService({ name: 'storefront', namespace });
    const { ip, hostname } = status?.loadBalancer?.ingress?.[0] ?? {};
    const host = reach === 'cluster-ip' ? spec?.clusterIP : (ip ?? hostname);
    if (host) return `http://${host}`;
    throw new Error('the service storefront has none yet: does the cluster give addresses to LoadBalancer services?');
  };
  const waiting = { timeoutMs: addressTimeoutMs, intervalMs: 500, signal };
  return await waitFor('the address of the shop', found, waiting);
}
