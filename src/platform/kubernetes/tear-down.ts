import { SchedulingV1Api, type V1Namespace } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import { waitFor } from '../../runtime/clock.ts';
import { apiWords, type ClusterApi, isNotFound } from './cluster-api.ts';
import { namespaceLabel, runLabel } from './manifests.ts';

/** A load balancer of a cloud, or a volume, takes its time to go. */
export const goneTimeoutMs = 300_000;

interface OfRun {
  namespace: string;
  runId: string;
}

/**
 * Deletes a run's namespace and what goes with it on a cluster; does nothing where there is none of it.
 * @throws TenfoldError when the namespace is another run's or somebody's own
 */
export async function tearDownShop(api: ClusterApi, run: OfRun): Promise<void> {
  await deleteNamespace(api, run);
  await deletePriorityClasses(api, run);
}

/** They are in no namespace. No pod that runs needs its class any more. */
async function deletePriorityClasses({ config }: ClusterApi, { namespace, runId }: OfRun): Promise<void> {
  const labelSelector = `${runLabel}=${runId},${namespaceLabel}=${namespace}`;
  await config
    .makeApiClient(SchedulingV1Api)
    .deleteCollectionPriorityClass({ labelSelector })
    .catch((error: unknown) => {
      throw new Error(`the priority classes of ${namespace} were not deleted: ${apiWords(error)}`, { cause: error });
    });
}

/**
 * Deletes a run's namespace alone, and waits until it is gone. Its pods are not waited for: a database would let its connections end first.
 * @throws TenfoldError when it is another run's or somebody's own
 */
export async function deleteNamespace({ core }: ClusterApi, { namespace, runId }: OfRun): Promise<void> {
  const read = async (): Promise<V1Namespace | null> =>
    await core.readNamespace({ name: namespace }).catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw new Error(`namespace ${namespace} cannot be read: ${apiWords(error)}`, { cause: error });
    });
  const found = await read();
  if (found === null) return;
  if (found.metadata?.labels?.[runLabel] !== runId)
    throw cannotTell(`namespace ${namespace} is not run ${runId}'s: it is left as it is`);
  if (!found.metadata.deletionTimestamp) await core.deleteNamespace({ name: namespace });
  await core.deleteCollectionNamespacedPod({ namespace, gracePeriodSeconds: 1 });
  const gone = async () => {
    const left = await read();
    if (left === null) return true;
    throw new Error((left.status?.conditions ?? []).flatMap(({ message }) => message ?? []).join('; '));
  };
  await waitFor(`namespace ${namespace} to be gone`, gone, { timeoutMs: goneTimeoutMs, intervalMs: 500 });
}
