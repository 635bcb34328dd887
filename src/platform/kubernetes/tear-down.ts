import type { V1Namespace } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import { waitFor } from '../../runtime/clock.ts';
import { apiWords, type ClusterApi, isNotFound } from './cluster-api.ts';
import { runLabel } from './manifests.ts';

/** A load balancer of a cloud, or a volume, takes its time to go. */
export const goneTimeoutMs = 300_000;

/**
 * Deletes the namespace of a run and waits until it is gone; does nothing when there is none. Its pods are not waited for: a database
 * would let its connections end first.
 * @throws TenfoldError when it is another run's or somebody's own
 */
export async function tearDownShop(
  { core }: ClusterApi,
  { namespace, runId }: { namespace: string; runId: string },
): Promise<void> {
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
  const gone = async () => ((await read()) === null ? true : undefined);
  await waitFor(`namespace ${namespace} to be gone`, gone, { timeoutMs: goneTimeoutMs, intervalMs: 500 });
}
