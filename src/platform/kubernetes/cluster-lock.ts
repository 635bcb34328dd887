import { hostname } from 'node:os';
import { ApiException, CoordinationV1Api, type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import { invalid, Stopped } from '../../model/errors.ts';
import { nowMs, sleepMs, within } from '../../runtime/clock.ts';
import { isAlive } from '../../runtime/processes.ts';
import { userName } from '../../runtime/user-name.ts';
import { apiWords, type ClusterApi } from './cluster-api.ts';

/** A namespace that every cluster has, and a name that says whose it is. */
export const lockNamespace = 'default';
const place = { namespace: lockNamespace, name: 'tenfold-drill' };
const leaseSeconds = 60;
const renewEveryMs = 15_000;
/** A renewal that takes longer is given up, and tried again. */
const renewWithinMs = 5_000;

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
    const renewed = await within('renewing the lock of the cluster', { timeoutMs: renewWithinMs }, () =>
      leases.replaceNamespacedLease({ ...place, body: heldBy(holder, lease) }),
    ).catch((error: unknown) => error);
    if (!(renewed instanceof Error)) lease = renewed as V1Lease;
    // Whatever else fails is tried again.
    if (!isConflict(renewed)) return;
    const found = await leases.readNamespacedLease(place).catch(() => undefined);
    // Our own, of which the answer was lost.
    if (found?.spec?.holderIdentity === holder) lease = found;
    else if (found) onLost(new Stopped('stopped', `another drill has taken over the cluster ${api.context}`));
  };
  let renewing: Promise<void> | undefined;
  const timer = setInterval(() => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
  }, renewEveryMs).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await renewing;
      // One that cannot be deleted runs out.
      await letGo(leases, holder).catch(() => {});
    },
  };
}

/** Deletes the lease unless another drill has it by now. */
async function letGo(leases: CoordinationV1Api, holder: string): Promise<void> {
  const { metadata, spec } = await leases.readNamespacedLease(place);
  const { uid, resourceVersion } = metadata ?? {};
  if (spec?.holderIdentity !== holder || !uid || !resourceVersion) return;
  await leases.deleteNamespacedLease({ ...place, body: { preconditions: { uid, resourceVersion } } });
}

/** Creates the lease, or takes a dead drill's over: one that seems to be dead, and has not renewed it while we looked. */
async function seize(leases: CoordinationV1Api, holder: string, context: string): Promise<V1Lease> {
  try {
    return await leases.createNamespacedLease({ namespace: place.namespace, body: heldBy(holder) });
  } catch (error) {
    if (!isConflict(error)) throw unknown(context, error);
  }
  const read = () =>
    leases.readNamespacedLease(place).catch((error: unknown) => {
      throw unknown(context, error);
    });
  const found = await read();
  if (isHeld(found, nowMs())) throw inUse(context, found.spec?.holderIdentity);
  // Clocks of two machines differ, and a process may be one that cannot be seen from here.
  await sleepMs(renewEveryMs + renewWithinMs);
  const again = await read();
  if (again.metadata?.resourceVersion !== found.metadata?.resourceVersion)
    throw inUse(context, again.spec?.holderIdentity);
  return await leases.replaceNamespacedLease({ ...place, body: heldBy(holder, again) }).catch((error: unknown) => {
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

/** Whether the holder of a lease seems to live: it has renewed it, and is no process of this machine that is gone. */
export function isHeld({ spec }: Pick<V1Lease, 'spec'>, atMs: number): boolean {
  const { renewTime, leaseDurationSeconds = leaseSeconds, holderIdentity = '' } = spec ?? {};
  // The client types it as a Date, and leaves it a string.
  const renewedAtMs = new Date(renewTime ?? 0).getTime();
  if (renewedAtMs + leaseDurationSeconds * 1_000 < atMs) return false;
  const { pid, host } = /\(process (?<pid>\d+) of .* on (?<host>.+)\)$/.exec(holderIdentity)?.groups ?? {};
  if (host !== hostname()) return true;
  // One of our own is left of a former drill: a lock file keeps two apart that run at the same time.
  return Number(pid) !== process.pid && isAlive(Number(pid));
}
