import type { V1Pod } from '@kubernetes/client-node';
import { BatchV1Api } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { invalid } from '../../model/errors.ts';
import { askOnce } from '../../runtime/ask-once.ts';
import { waitFor } from '../../runtime/clock.ts';
import { apply, type ClusterApi, listAll } from './cluster-api.ts';
import { type CnpgCluster, isHealthy } from './cnpg-database.ts';
import { type Manifest, manifestsFor, readManifests, type Wish } from './manifests.ts';
import { createNamespace } from './namespace.ts';
import { podIsReady } from './objects.ts';
import { type Waiting, waitForPods } from './stuck-pods.ts';

const imageTimeoutMs = 120_000;
const databaseTimeoutMs = 300_000;
const migrationTimeoutMs = 180_000;
const podsTimeoutMs = 180_000;
const addressTimeoutMs = 60_000;
/** A balancer of a cloud takes minutes. */
const reachableTimeoutMs = 180_000;

interface StandingUp {
  wish: Wish;
  settings: ClusterSettings;
  signal: AbortSignal;
  progress: (message: string) => void;
}

/** What comes after the database, one after the other, by the names of its manifests. */
const later = ['migration', 'storefront'];

/**
 * Applies the platform's manifests to a namespace of its own and waits until shoppers can come.
 * @returns the URL of the shop. @throws with what did not come up, and why
 */
export async function standUpShop(api: ClusterApi, { wish, settings, signal, progress }: StandingUp): Promise<string> {
  const { namespace } = wish;
  const manifests = manifestsFor(await readManifests(settings), wish, settings);
  const applyAll = async (wanted: (name: string) => boolean) => {
    for (const manifest of manifests.filter(({ metadata }) => wanted(metadata?.name ?? ''))) await apply(api, manifest);
  };
  const waiting = (timeoutMs: number): Waiting => ({ api, namespace, timeoutMs, signal });
  progress(`applying the platform to namespace ${namespace} of ${api.context}`);
  await createNamespace(api, wish);
  await applyAll((name) => !later.includes(name));
  await checkImage(manifests, waiting(imageTimeoutMs));
  progress('waiting for the database: three instances, one in each zone');
  await waitForPods('the database', waiting(databaseTimeoutMs), () => databaseLacks(api, namespace));
  progress("making the shop's tables");
  await applyAll((name) => name === 'migration');
  await waitForPods("the shop's tables", waiting(migrationTimeoutMs), () => migrationLacks(api, namespace));
  progress("waiting for the shop's pods");
  await applyAll((name) => name === 'storefront');
  await waitForPods("the shop's pods", waiting(podsTimeoutMs), () => podsLack(api, namespace, manifests));
  const baseUrl = settings.baseUrl ?? (await addressOf(api, namespace, settings, signal));
  progress(`waiting for the shop at ${baseUrl}`);
  await untilItAnswers(baseUrl, signal);
  return baseUrl;
}

/** Whether the shop's image can be had, and run: told at once, and not when the database is up. */
async function checkImage(manifests: readonly Manifest[], waiting: Waiting): Promise<void> {
  const job = manifests.find(({ kind }) => kind === 'Job');
  const { metadata, spec } = structuredClone(job?.spec.template) as Manifest;
  const { image, resources, securityContext } = spec.containers[0];
  const containers = [{ name: 'image', image, args: ['--version'], resources, securityContext }];
  const { namespace = '' } = job?.metadata ?? {};
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'image-check', namespace, labels: { ...metadata?.labels, app: 'image-check' } },
    // The migration's account comes with the migration.
    spec: { ...spec, serviceAccountName: 'default', restartPolicy: 'Never', containers },
  };
  await apply(waiting.api, pod);
  const { core } = waiting.api;
  const named = { name: 'image-check', namespace };
  const phaseNow = async () => (await core.readNamespacedPod(named)).status?.phase ?? 'Pending';
  await waitForPods("the shop's image", waiting, async () =>
    ['Succeeded', 'Failed'].includes(await phaseNow()) ? undefined : 'its pod has not run',
  );
  if ((await phaseNow()) === 'Failed') throw invalid(`${image} does not run`, 'npm run images makes one that does');
  await core.deleteNamespacedPod(named);
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

/** Of the shop as many as its autoscaler starts with; of others as their manifests say. */
async function podsLack(api: ClusterApi, namespace: string, manifests: Manifest[]): Promise<string | undefined> {
  const autoscaler = manifests.find(({ kind }) => kind === 'HorizontalPodAutoscaler');
  const { items } = await listAll<V1Pod>(api, 'v1', 'Pod', { namespace });
  const ready = items.filter(podIsReady).map(({ metadata }) => metadata?.labels?.app);
  const lacking = manifests
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap(({ metadata, spec }) => {
      const wanted: number = spec.replicas ?? autoscaler?.spec.minReplicas ?? 1;
      const count = ready.filter((app) => app === metadata?.name).length;
      return count >= wanted ? [] : [`${count} of ${wanted} pods of ${metadata?.name} are ready`];
    });
  return lacking.length === 0 ? undefined : lacking.join(', ');
}

async function addressOf(
  { core }: ClusterApi,
  namespace: string,
  { reach, ingress }: ClusterSettings,
  signal: AbortSignal,
): Promise<string> {
  if (reach === 'ingress') return `http://${ingress?.host}`;
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

/** A balancer or an ingress controller learns of a shop some time after its pods are ready. */
async function untilItAnswers(baseUrl: string, signal: AbortSignal): Promise<void> {
  const answers = async () => {
    const { statusCode, headers } = await askOnce(baseUrl, { path: '/livez', method: 'GET', timeoutMs: 2_000, signal });
    if (statusCode !== 200) throw new Error(`it answers ${statusCode}`);
    if (headers['x-pod'] === undefined) throw new Error('somebody else answers there');
    return true;
  };
  await waitFor(`the shop at ${baseUrl}`, answers, { timeoutMs: reachableTimeoutMs, intervalMs: 500, signal });
}
