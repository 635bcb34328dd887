import { hostname } from 'node:os';
import { ApiException, CoordinationV1Api, type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import { InUse, invalid, Stopped } from '../../model/errors.ts';
import type { Undo } from '../../model/fault.ts';
import type { Target } from '../../model/target.ts';
import { nowMs, sleepMs, within } from '../../runtime/clock.ts';
import { isAlive } from '../../runtime/processes.ts';
import { userName } from '../../runtime/user-name.ts';
import { apiWords, type ClusterApi, isNotFound, placeOf, sameCluster } from './cluster-api.ts';
import { leaseUndoKind } from './undo-kinds.ts';

/** A namespace that every cluster has, and a name that says whose it is. */
export const lockNamespace = 'default';
export const theLease = { namespace: lockNamespace, name: 'tenfold-drill' };
const leaseSeconds = 60;
const renewEveryMs = 15_000;
/** A renewal that takes longer is given up, and tried again. */
const renewWithinMs = 5_000;

type Locking = Parameters<NonNullable<Target['lock']>>[0];

/**
 * One drill at a time on a cluster, whatever its context is called and from whatever machine: a Lease, renewed while the drill lives.
 * While the API server is away nobody can take it over. What drills of this machine left that have died is undone first, under whatever name
 * of the cluster they ran.
 * @throws TenfoldError: InUse when another drill holds it, invalid when nobody can tell
 */
export async function lockCluster(
  api: ClusterApi,
  { runId, willChange, onLost, undoLeft }: Locking,
): Promise<AsyncDisposable> {
  const leases = api.config.makeApiClient(CoordinationV1Api);
  const holder = holderOf(runId);
  const place = await placeOf(api).catch((error: unknown) => {
    throw notKnown(api.context, error);
  });
  const undone = willChange({ kind: leaseUndoKind, ...place, holder, isLock: true });
  const { context } = api;
  const { clusterUid } = place;
  let lease = await seize(leases, { holder, context, undoLeft: () => undoLeft({ clusterUid }) }).catch((error) => {
    undone();
    throw error;
  });
  const renew = async () => {
    const renewed = await within('renewing the lock of the cluster', { timeoutMs: renewWithinMs }, () =>
      leases.replaceNamespacedLease({ ...theLease, body: heldBy(holder, lease) }),
    ).catch((error: unknown) => error);
    if (!(renewed instanceof Error)) lease = renewed as V1Lease;
    // Whatever else fails is tried again.
    if (!isConflict(renewed)) return;
    const found = await leases.readNamespacedLease(theLease).catch(() => undefined);
    // Our own, of which the answer was lost.
    if (found?.spec?.holderIdentity === holder) lease = found;
    else if (found) onLost(new Stopped('stopped', `another drill has taken over the cluster ${context}`));
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
      undone();
    },
  };
}

/** Deletes the lease of a drill that has died: the next one need not find out by watching it. */
export async function undoLease({ holder, ...place }: Undo): Promise<void> {
  const { config } = await sameCluster(place);
  await letGo(config.makeApiClient(CoordinationV1Api), String(holder)).catch((error: unknown) => {
    // Gone, or taken over meanwhile.
    if (!isNotFound(error) && !isConflict(error))
      throw new Error(`the Lease ${theLease.name} was not deleted: ${apiWords(error)}`, { cause: error });
  });
}

/** Deletes the lease unless another drill has it by now. */
async function letGo(leases: CoordinationV1Api, holder: string): Promise<void> {
  const { metadata, spec } = await leases.readNamespacedLease(theLease);
  const { uid, resourceVersion } = metadata ?? {};
  if (spec?.holderIdentity !== holder || !uid || !resourceVersion) return;
  await leases.deleteNamespacedLease({ ...theLease, body: { preconditions: { uid, resourceVersion } } });
}

interface Seizing {
  holder: string;
  context: string;
  undoLeft(): Promise<void>;
}

/** Creates the lease, or takes a dead drill's over: one that seems to be dead, and has not renewed it while we looked. */
async function seize(leases: CoordinationV1Api, { holder, context, undoLeft }: Seizing): Promise<V1Lease> {
  let dead: V1Lease | undefined;
  for (;;) {
    // The lease of one of this machine goes with what else it left.
    await undoLeft();
    const created = await createLease(leases, holder, context);
    if (created) return created;
    const found = await leases.readNamespacedLease(theLease).catch((error: unknown) => {
      throw notKnown(context, error);
    });
    if (isHeld(found, nowMs())) throw inUse(context, found);
    if (dead) return await takeOver(leases, { dead, found, holder, context });
    dead = found;
    // Clocks of two machines differ, and a process may be one that cannot be seen from here.
    await sleepMs(renewEveryMs + renewWithinMs);
  }
}

/** Undefined where there is one. */
async function createLease(leases: CoordinationV1Api, holder: string, context: string): Promise<V1Lease | undefined> {
  const { namespace } = theLease;
  return await leases.createNamespacedLease({ namespace, body: heldBy(holder) }).catch((error: unknown) => {
    if (isConflict(error)) return undefined;
    throw notKnown(context, error);
  });
}

async function takeOver(
  leases: CoordinationV1Api,
  { dead, found, holder, context }: { dead: V1Lease; found: V1Lease; holder: string; context: string },
): Promise<V1Lease> {
  if (found.metadata?.resourceVersion !== dead.metadata?.resourceVersion) throw inUse(context, found);
  return await leases.replaceNamespacedLease({ ...theLease, body: heldBy(holder, found) }).catch((error: unknown) => {
    throw isConflict(error) ? inUse(context) : notKnown(context, error);
  });
}

/** @param former as it was read: one of another holder's is taken over */
function heldBy(holderIdentity: string, { metadata = { name: theLease.name }, spec }: V1Lease = {}): V1Lease {
  const renewTime = new V1MicroTime(nowMs());
  // What is read is typed as a Date, and is a string.
  const acquired = spec?.holderIdentity === holderIdentity ? spec.acquireTime : undefined;
  const acquireTime = acquired ? new V1MicroTime(new Date(acquired).getTime()) : renewTime;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata,
    spec: { holderIdentity, leaseDurationSeconds: leaseSeconds, acquireTime, renewTime },
  };
}

const isConflict = (error: unknown): boolean => error instanceof ApiException && error.code === 409;

function inUse(context: string, { spec }: Pick<V1Lease, 'spec'> = {}): InUse {
  const { holderIdentity: holder = 'another drill', acquireTime } = spec ?? {};
  const sinceMs = acquireTime && new Date(acquireTime).getTime();
  return new InUse(`the cluster ${context}`, { holder, sinceMs }, 'wait for it to end, or stop it where it runs');
}

/** Why nobody can tell whether a cluster is in use. */
export const notKnown = (context: string, error: unknown) =>
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
