import type { Platform } from '../model/target.ts';
import { waitFor } from '../runtime/clock.ts';
import { openRds } from './rds.ts';

const lookEveryMs = 250;

/** What a platform still misses, in words; empty when it is whole: every node, pod and database instance at work. */
export async function missing(platform: Platform): Promise<string[]> {
  const { nodes, nodesWanted, pods, podsWanted } = await platform.inventory();
  const nodesReady = nodes.filter(({ ready }) => ready).length;
  const podsReady = pods.filter(({ ready }) => ready).length;
  return [
    ...(nodesReady < nodesWanted ? [`${nodesReady} of ${nodesWanted} nodes are ready`] : []),
    ...(podsReady < podsWanted ? [`${podsReady} of ${podsWanted} pods are ready`] : []),
    ...(await missingOfDatabase(platform)),
  ];
}

async function missingOfDatabase({ aws, databaseClusterId }: Platform): Promise<string[]> {
  if (!aws || !databaseClusterId) return [];
  using rds = openRds(aws);
  const { status } = await rds.describe(databaseClusterId);
  const away = (await rds.instances(databaseClusterId)).filter((instance) => instance.status !== 'available');
  return [
    ...(status === 'available' ? [] : [`the database cluster is ${status}`]),
    ...away.map((instance) => `the database instance ${instance.id} is ${instance.status}`),
  ];
}

/** Waits until a platform is whole; rejects with what it still misses. */
export async function untilWhole(
  platform: Platform,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<void> {
  await waitFor(
    'the platform to be whole again',
    async () => {
      const still = await missing(platform);
      if (still.length > 0) throw new Error(still.join(', '));
      return true;
    },
    { ...options, intervalMs: lookEveryMs },
  );
}
