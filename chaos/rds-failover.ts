import type { ActiveFault, Fault, FaultContext, Proof } from '../src/model/fault.ts';
import type { Inventory, Platform } from '../src/model/target.ts';
import { nowMs, waitFor } from '../src/runtime/clock.ts';
import { openCluster, writerChange } from './shared/database.ts';

const kind = 'rds-failover';
const flipTimeoutMs = 60_000;
const settleTimeoutMs = 60_000;
const pollEveryMs = 100;
/** From the failure of the writer until its name points at another one, as RDS promises it at the fastest (AWS: 30 s and more). */
const failoverMs = 10_000;

/**
 * Fails an Aurora-like cluster over with `FailoverDBCluster`.
 * Proven when another instance is the writer; there is nothing to undo but to wait until the cluster is available.
 * @param options targetInstanceId: the reader to promote; without it RDS chooses.
 */
export const rdsFailover = (options: { targetInstanceId?: string } = {}): Fault => ({
  kind,
  summary: `the database's writer fails and ${options.targetInstanceId ?? 'a reader'} is promoted`,
  requires: ['rds-failover'],
  effects: [
    {
      kind,
      startsAfterMs: 0,
      lastsMs: failoverMs,
      ...(options.targetInstanceId && { promotes: options.targetInstanceId }),
    },
  ],
  touches: ({ databaseInstances: { length } }) => ({
    hits: [{ kind: 'database instance', which: 'the writer', count: 1, of: length }],
    undo: 'nothing is taken back: the drill waits until the cluster is available again',
    rights: ['rds:FailoverDBCluster', 'rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
  }),
  problems: (inventory) => problems(inventory, options.targetInstanceId),
  check: async ({ platform }) => await check(platform, options.targetInstanceId),
  inject: async (context) => await inject(context, options.targetInstanceId),
});

function problems({ databaseInstances }: Inventory, target: string | undefined): string[] {
  const ids = databaseInstances.map(({ id }) => id);
  const has = `the database has ${ids.join(', ') || 'no instances'}`;
  return [
    ...(ids.length < 2 ? [`${kind} finds no reader to promote: ${has}; add one`] : []),
    ...(target !== undefined && !ids.includes(target)
      ? [`${kind} is to promote ${target}, which does not exist: ${has}; name one of them, or none`]
      : []),
  ];
}

async function check(platform: Platform, target: string | undefined): Promise<string[]> {
  using cluster = openCluster(platform);
  const { clusterId } = cluster;
  const { status, writer, readers } = await cluster.rds.describe(clusterId);
  return [
    ...(status === 'available' ? [] : [`cluster ${clusterId} is ${status}, not available`]),
    ...(writer === undefined ? [`cluster ${clusterId} has no writer`] : []),
    ...(readers.length === 0 ? [`cluster ${clusterId} has no reader to fail over to`] : []),
    ...(target !== undefined && !readers.includes(target)
      ? [`${target} is not a reader of ${clusterId}; there are ${readers.join(', ') || 'none'}`]
      : []),
  ];
}

async function inject({ platform, signal }: FaultContext, target: string | undefined): Promise<ActiveFault> {
  using cluster = openCluster(platform);
  const { writer } = await cluster.rds.describe(cluster.clusterId);
  const injectedAtMs = nowMs();
  await cluster.rds.failover(cluster.clusterId, target);
  return {
    injectedAtMs,
    prove: (signal) => prove(platform, writer, signal),
    undo: async () => {
      // Nobody waits for a drill that was interrupted.
      if (!signal.aborted) await untilAvailable(platform);
      return { revertedAtMs: nowMs() };
    },
  };
}

async function prove(platform: Platform, former: string | undefined, signal: AbortSignal): Promise<Proof> {
  const waiting = { timeoutMs: flipTimeoutMs, intervalMs: pollEveryMs, signal };
  try {
    const proof = await waitFor(`another writer than ${former}`, () => writerChange(platform, former), waiting);
    return { provenAtMs: nowMs(), proof };
  } catch (error) {
    signal.throwIfAborted();
    return { provenAtMs: null, proof: `${former} was still the writer: ${(error as Error).message}` };
  }
}

async function untilAvailable(platform: Platform): Promise<void> {
  using cluster = openCluster(platform);
  await waitFor(
    `cluster ${cluster.clusterId} to be available again`,
    async () => ((await cluster.rds.describe(cluster.clusterId)).status === 'available' ? true : undefined),
    { timeoutMs: settleTimeoutMs, intervalMs: pollEveryMs },
  );
}
