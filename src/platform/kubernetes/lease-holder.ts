import { CoordinationV1Api } from '@kubernetes/client-node';
import { nowMs } from '../../runtime/clock.ts';
import { type ClusterApi, isNotFound } from './cluster-api.ts';
import { isHeld, notKnown, theLease } from './cluster-lock.ts';

/** Who holds the lease of a cluster now and seems to live, in words; undefined: nobody. @throws TenfoldError (invalid) when nobody can tell */
export async function leaseHolder({ config, context }: ClusterApi): Promise<string | undefined> {
  const leases = config.makeApiClient(CoordinationV1Api);
  const lease = await leases.readNamespacedLease(theLease).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw notKnown(context, error);
  });
  return lease && isHeld(lease, nowMs()) ? lease.spec?.holderIdentity : undefined;
}
