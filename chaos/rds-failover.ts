import type { ActiveFault, Fault, FaultContext } from '../src/model/fault.ts';
import { capabilities, type Platform } from '../src/model/target.ts';
import { openRds, type Rds } from '../src/platform/rds.ts';
import { nowMs, waitFor } from '../src/runtime/clock.ts';

const flipTimeoutMs = 60_000;
const settleTimeoutMs = 60_000;
const pollEveryMs = 100;

/**
 * Fails an Aurora-like cluster over with `FailoverDBCluster`.
 * Proven when another instance is the writer; there is nothing to undo but to wait until the cluster is available.
 * @param options targetInstanceId: the reader to promote; without it RDS chooses.
 */
export const rdsFailover = (options: { targetInstanceId?: string } = {}): Fault => ({
  kind: 'rds-failover',
  summary: `the database's writer fails and ${options.targetInstanceId ?? 'a reader'} is promoted`,
  requires: ['rds-failover'],
  check: async (platform) => await check(platform, options.targetInstanceId),
  inject: async (context) => await inject(context, options.targetInstanceId),
});

function cluster(platform: Platform): { rds: Rds; clusterId: string } {
  if (!platform.aws || !platform.databaseClusterId) throw new Error(`no ${capabilities['rds-failover']}`);
  return { rds: openRds(platform.aws), clusterId: platform.databaseClusterId };
}

async function check(platform: Platform, target: string | undefined): Promise<string[]> {
  const { rds, clusterId } = cluster(platform);
  using _ = rds;
  const { status, writer, readers } = await rds.describe(clusterId);
  const problems: string[] = [];
  if (status !== 'available') problems.push(`cluster ${clusterId} is ${status}, not available`);
  if (writer === undefined) problems.push(`cluster ${clusterId} has no writer`);
  if (readers.length === 0) problems.push(`cluster ${clusterId} has no reader to fail over to`);
  if (target !== undefined && !readers.includes(target)) {
    problems.push(`${target} is not a reader of ${clusterId}; there are ${readers.join(', ') || 'none'}`);
  }
  return problems;
}

async function inject({ platform, signal }: FaultContext, target: string | undefined): Promise<ActiveFault> {
  const { rds, clusterId } = cluster(platform);
  const before = (await rds.describe(clusterId)).writer;
  const injectedAtMs = nowMs();
  await rds.failover(clusterId, target);
  return {
    injectedAtMs,
    async prove() {
      const flipped = await waitFor(
        `another writer than ${before}`,
        async () => {
          const { writer } = await rds.describe(clusterId);
          return writer !== undefined && writer !== before ? { writer, atMs: nowMs() } : undefined;
        },
        { timeoutMs: flipTimeoutMs, intervalMs: pollEveryMs, signal },
      ).catch((error: Error) => {
        signal.throwIfAborted();
        return { writer: undefined, atMs: 0, error };
      });
      if (flipped.writer === undefined)
        return { provenAtMs: null, proof: `${before} was still the writer: ${flipped.error.message}` };
      return {
        provenAtMs: flipped.atMs,
        proof: `the writer changed from ${before} to ${flipped.writer} (DescribeDBClusters)`,
      };
    },
    async undo() {
      using _ = rds;
      await waitFor(
        `cluster ${clusterId} to be available again`,
        async () => ((await rds.describe(clusterId)).status === 'available' ? true : undefined),
        { timeoutMs: settleTimeoutMs, intervalMs: pollEveryMs },
      );
      return { revertedAtMs: nowMs() };
    },
  };
}
