import { Unheard } from '../model/errors.ts';
import type { Emit } from '../model/evidence.ts';
import type { Cluster, LiveInventory } from '../model/facets.ts';
import { nowMs } from '../runtime/clock.ts';
import { sampleEvery } from './sample-every.ts';

const sampleEveryMs = 500;

/**
 * Samples a cluster's nodes and pods until it is disposed of. A sample that cannot be taken is left out; since when nothing was heard
 * of the platform is told once it is heard again.
 */
export function watchCapacity(cluster: Cluster, emit: Emit): Disposable {
  let unheardSinceMs: number | null = null;
  const tellUnheard = () => {
    if (unheardSinceMs !== null) emit({ kind: 'unheard', atMs: nowMs(), sinceMs: unheardSinceMs });
    unheardSinceMs = null;
  };
  const sampling = sampleEvery(sampleEveryMs, async (isOver) => {
    try {
      const inventory = await cluster.inventory();
      if (isOver()) return;
      tellUnheard();
      emit({ kind: 'inventory', atMs: nowMs(), ...summary(inventory) });
    } catch (error) {
      // A control plane that is away shows as a gap in the evidence, which is judged as such.
      if (error instanceof Unheard) unheardSinceMs ??= error.sinceMs;
    }
  });
  return {
    [Symbol.dispose]() {
      sampling[Symbol.dispose]();
      tellUnheard();
    },
  };
}

function summary({ nodes, nodesWanted, pods, podsWanted, podsMax }: LiveInventory) {
  const kinds = new Map(nodes.map(({ name, capacity }) => [name, capacity]));
  const ratios = pods.flatMap(({ ready, cpuRatio }) => (ready && cpuRatio !== null ? [cpuRatio] : []));
  return {
    nodesReady: nodes.filter(({ ready }) => ready).length,
    nodesWanted,
    podsReady: pods.filter(({ ready }) => ready).length,
    podsWanted,
    podsMax,
    cpuRatio: ratios.length > 0 ? ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length : null,
    pods: pods.map(({ name, node, zone, ready }) => {
      const capacity = kinds.get(node);
      return { name, node, zone, ...(capacity && { capacity }), ready };
    }),
  };
}
