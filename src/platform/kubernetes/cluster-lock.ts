import { hostname, userInfo } from 'node:os';
import { ApiException, CoordinationV1Api, type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import { invalid, Stopped } from '../../model/errors.ts';
import { nowMs } from '../../runtime/clock.ts';
import { isAlive } from '../../runtime/processes.ts';
import { apiWords, type ClusterApi } from './cluster-api.ts';

/** A namespace that every cluster has, and a name that says whose it is. */
export const lockNamespace = 'default';
const place = { namespace: lockNamespace, name: 'tenfold-drill' };
const leaseSeconds = 60;
const renewEveryMs = 15_000;

interface Locking {
  runId: string;
  /** Told when another drill has taken the lock over. */
  onLost: (reason: Stopped) => void;
}

/**
 * One drill at a time on a cluster, whatever its context is called and from whatever machine: a Lease, renewed while the drill lives.
 * While the API server is away nobody can take it over.
 * @throws TenfoldError (invalid) when another drill holds it, or nobody can tell
 */
export async function lockCluster(api: ClusterApi, { runId, onLost }: Locking): Promise<AsyncDisposable> {
  const leases = api.config.makeApiClient(CoordinationV1Api);
  const holder = holderOf(runId);
  let lease = await seize(leases, holder, api.context);
  const renew = async () => {
    lease = await leases.replaceNamespacedLease({ ...place, body: heldBy(holder, lease) });
  };
  const renewing = setInterval(
    () =>
      void renew().catch((error: unknown) => {
        // Somebody else has written it since; whatever else fails is tried again.
        if (!isConflict(error)) return;
        clearInterval(renewing);
        onLost(new Stopped('stopped', `another drill has taken over the cluster ${api.context}`));
      }),
    renewEveryMs,
  ).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(renewing);
      const { uid, resourceVersion } = lease.metadata ?? {};
      // Not one that another drill has by now. One that stays runs out.
      const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
      await leases.deleteNamespacedLease({ ...place, body: { preconditions } }).catch(() => {});
    },
  };
}

/** Creates the lease, or takes a dead drill's over. */
async function seize(leases: CoordinationV1Api, holder: string, context: string): Promise<V1Lease> {
  try {
    return await leases.createNamespacedLease({ namespace: place.namespace, body: heldBy(holder) });
  } catch (error) {
    if (!isConflict(error)) throw unknown(context, error);
  }
  const found = await leases.readNamespacedLease(place).catch((error: unknown) => {
    throw unknown(context, error);
  });
  if (isHeld(found, nowMs())) throw inUse(context, found.spec?.holderIdentity);
  return await leases.replaceNamespacedLease({ ...place, body: heldBy(holder, found) }).catch((error: unknown) => {
    throw isConflict(error) ? inUse(context, 'another drill') : unknown(context, error);
  });
}

const heldBy = (holderIdentity: string, { metadata = { name: place.name } }: V1Lease = {}): V1Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata,
  spec: { holderIdentity, leaseDurationSeconds: leaseSeconds, renewTime: new V1MicroTime(nowMs()) },
});

const isConflict = (error: unknown): boolean => error instanceof ApiException && error.code === 409;

const inUse = (context: string, holder = 'another drill') =>
  invalid(`${holder} is using the cluster ${context}`, 'wait for it to end, or stop it where it runs');

const unknown = (context: string, error: unknown) =>
  invalid(
    `it is not known whether another drill is using the cluster ${context}: ${apiWords(error)}`,
    `nothing was started; a drill holds the Lease tenfold-drill in the namespace ${lockNamespace}, and has to be allowed to create, update and delete it`,
  );

const holderOf = (runId: string): string => `drill ${runId} (process ${process.pid} of ${userName()} on ${hostname()})`;

/** A user of a container may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`;
  }
}

/** Whether the holder of a lease lives: it has renewed it, and is no process of this machine that is gone. */
export function isHeld({ spec }: Pick<V1Lease, 'spec'>, atMs: number): boolean {
  const { renewTime, leaseDurationSeconds = leaseSeconds, holderIdentity = '' } = spec ?? {};
  // The client types it as a Date, and leaves it a string.
  const renewedAtMs = new Date(renewTime ?? 0).getTime();
  if (renewedAtMs + leaseDurationSeconds * 1_000 < atMs) return false;
  const { pid, host } = /\(process (?<pid>\d+) of .* on (?<host>.+)\)$/.exec(holderIdentity)?.groups ?? {};
  return host !== hostname() || isAlive(Number(pid));
}
