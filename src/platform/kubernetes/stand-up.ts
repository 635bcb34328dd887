import type { V1Job, V1Namespace, V1Pod, V1Service } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { cannotTell, invalid } from '../../model/errors.ts';
import { waitFor } from '../../runtime/clock.ts';
import { apiWords, apply, type ClusterApi, isNotFound, listAll } from './cluster-api.ts';
import { type CnpgCluster, isHealthy } from './cnpg-database.ts';
import { type Manifest, manifestsFor, readManifests, runLabel, type Wish } from './manifests.ts';
import { podIsReady } from './objects.ts';

const databaseTimeoutMs = 300_000;
const migrationTimeoutMs = 180_000;
const podsTimeoutMs = 180_000;
const addressTimeoutMs = 60_000;
const lookEveryMs = 500;

interface StandingUp {
  wish: Wish;
  settings: ClusterSettings;
  signal: AbortSignal;
  progress: (message: string) => void;
}

/** What has to be there before the shop's pods are: by the kinds of its manifests. */
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
  progress(`applying the platform to namespace ${namespace} of ${api.context}`);
  await apply(api, namespaceOf(wish));
  await applyAll((kind) => !laterKinds.includes(kind));
  progress('waiting for the database: three instances, one in each zone');
  await untilDatabase(api, namespace, signal);
  progress("making the shop's tables");
  await applyAll((kind) => kind === 'Job');
  await untilMigrated(api, namespace, signal);
  progress("waiting for the shop's pods");
  await applyAll((kind) => laterKinds.includes(kind) && kind !== 'Job');
  await untilPods(api, wish, manifests, signal);
  return settings.baseUrl ?? (await addressOf(api, namespace, signal));
}

const namespaceOf = ({ namespace, runId }: Wish): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: namespace, labels: { [runLabel]: runId, 'pod-security.kubernetes.io/enforce': 'restricted' } },
});

async function untilDatabase(api: ClusterApi, namespace: string, signal: AbortSignal): Promise<void> {
  const healthy = async () => {
    const { items } = await listAll<CnpgCluster>(api, 'postgresql.cnpg.io/v1', 'Cluster', { namespace });
    const [cluster] = items;
    if (cluster && isHealthy(cluster)) return true;
    throw new Error([cluster?.status?.phase ?? 'not started', ...(await stuckPods(api, namespace))].join('; '));
  };
  await waitFor('the database', healthy, { timeoutMs: databaseTimeoutMs, intervalMs: lookEveryMs, signal });
}

async function untilMigrated(api: ClusterApi, namespace: string, signal: AbortSignal): Promise<void> {
  const done = async () => {
    const { items } = await listAll<V1Job>(api, 'batch/v1', 'Job', { namespace });
    if (items.some(({ status }) => (status?.succeeded ?? 0) > 0)) return true;
    throw new Error(['the migration has not succeeded', ...(await stuckPods(api, namespace))].join('; '));
  };
  await waitFor("the shop's tables", done, { timeoutMs: migrationTimeoutMs, intervalMs: lookEveryMs, signal });
}

async function untilPods(
  api: ClusterApi,
  { namespace }: Wish,
  manifests: Manifest[],
  signal: AbortSignal,
): Promise<void> {
  const wanted: number = manifests.find(({ kind }) => kind === 'HorizontalPodAutoscaler')?.spec.minReplicas ?? 1;
  const ready = async () => {
    const { items } = await listAll<V1Pod>(api, 'v1', 'Pod', { namespace, labels: 'app=storefront' });
    const count = items.filter(podIsReady).length;
    if (count >= wanted) return true;
    throw new Error([`${count} of ${wanted} pods are ready`, ...(await stuckPods(api, namespace))].join('; '));
  };
  await waitFor("the shop's pods", ready, { timeoutMs: podsTimeoutMs, intervalMs: lookEveryMs, signal });
}

/** Reasons that waiting does not mend: said at once, not when the time is up. */
const hopeless = [
  'ErrImageNeverPull',
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CreateContainerConfigError',
];

/** Why pods do not run, in words. @throws TenfoldError (invalid) when they never will */
async function stuckPods(api: ClusterApi, namespace: string): Promise<string[]> {
  const { items } = await listAll<V1Pod>(api, 'v1', 'Pod', { namespace });
  return items.flatMap(({ metadata, status }) => {
    const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
      .map(({ state }) => state?.waiting)
      .find((state) => state?.reason !== undefined && !['ContainerCreating', 'PodInitializing'].includes(state.reason));
    const unscheduled = status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    const why = waiting ? `${waiting.reason}: ${waiting.message ?? ''}` : unscheduled?.message;
    if (waiting && hopeless.includes(waiting.reason ?? ''))
      throw invalid(
        `pod ${metadata?.name} cannot start: ${why}`,
        'load the image on the nodes, or name one that they can pull, in the settings of the cluster',
      );
    return why === undefined ? [] : [`pod ${metadata?.name}: ${why}`];
  });
}

async function addressOf(api: ClusterApi, namespace: string, signal: AbortSignal): Promise<string> {
  const found = async () => {
    const { status }: V1Service = await api.core.readNamespacedService({ name: 'storefront', namespace });
    const { ip, hostname } = status?.loadBalancer?.ingress?.[0] ?? {};
    if (ip ?? hostname) return `http://${ip ?? hostname}`;
    throw new Error('the service storefront has no address yet');
  };
  return await waitFor('the address of the shop', found, {
    timeoutMs: addressTimeoutMs,
    intervalMs: lookEveryMs,
    signal,
  });
}

const goneTimeoutMs = 120_000;

/**
 * Deletes the namespace of a run and waits until it is gone; does nothing when there is none.
 * @throws TenfoldError when it is another run's or somebody's own
 */
export async function tearDownShop(
  api: ClusterApi,
  { namespace, runId }: { namespace: string; runId: string },
): Promise<void> {
  const read = async (): Promise<V1Namespace | null> =>
    await api.core.readNamespace({ name: namespace }).catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw new Error(`namespace ${namespace} cannot be read: ${apiWords(error)}`);
    });
  const found = await read();
  if (found === null) return;
  if (found.metadata?.labels?.[runLabel] !== runId)
    throw cannotTell(`namespace ${namespace} is not run ${runId}'s: it is left as it is`);
  if (!found.metadata.deletionTimestamp) await api.core.deleteNamespace({ name: namespace });
  const gone = async () => ((await read()) === null ? true : undefined);
  await waitFor(`namespace ${namespace} to be gone`, gone, { timeoutMs: goneTimeoutMs, intervalMs: lookEveryMs });
}
