import type { Cluster, Database } from '../model/facets.ts';
import type { Platform } from '../model/platform.ts';
import { waitFor } from '../runtime/clock.ts';

const lookEveryMs = 250;

/** What a platform still lacks, in words; empty when it is healthy: every node, pod and database instance at work. */
export const missing = async ({ cluster, database }: Platform): Promise<string[]> => [
  ...(cluster ? await missingOfCluster(cluster) : []),
  ...(database ? await missingOfDatabase(database) : []),
];

async function missingOfCluster(cluster: Cluster): Promise<string[]> {
  const { nodes, nodesWanted, pods, podsWanted } = await cluster.inventory();
  const nodesReady = nodes.filter(({ ready }) => ready).length;
  const podsReady = pods.filter(({ ready }) => ready).length;
  return [
    ...(nodesReady < nodesWanted ? [`${nodesReady} of ${nodesWanted} nodes are ready`] : []),
    ...(podsReady < podsWanted ? [`${podsReady} of ${podsWanted} pods are ready`] : []),
  ];
}

async function missingOfDatabase(database: Database): Promise<string[]> {
  const { status } = await database.state();
  const away = (await database.instances()).filter((instance) => instance.status !== 'available');
  return [
    ...(status === 'available' ? [] : [`the database cluster is ${status}`]),
    ...away.map((instance) => `the database instance ${instance.id} is ${instance.status}`),
  ];
}

/** Waits until a platform is healthy; rejects with what it still lacks. */
export async function untilHealthy(
  platform: Platform,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<void> {
  await waitFor(
    'the platform to be healthy again',
    async () => {
      const still = await missing(platform);
      if (still.length > 0) throw new Error(still.join(', '));
      return true;
    },
    { ...options, intervalMs: lookEveryMs },
  );
}
