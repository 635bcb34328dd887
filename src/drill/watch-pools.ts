import type { Emit } from '../model/evidence.ts';
import type { Pools } from '../model/facets.ts';
import { nowMs } from '../runtime/clock.ts';

const sampleEveryMs = 2_000;

/** Samples what the replicas' pools have counted until it is disposed of. A sample that cannot be taken is left out. */
export function watchPools(pools: Pools, emit: Emit): Disposable {
  let asking = false;
  let over = false;
  const sample = async () => {
    if (asking) return;
    asking = true;
    try {
      const read = await pools.read();
      if (!over && read.length > 0) emit({ kind: 'pools', atMs: nowMs(), pools: read });
    } catch {
      // A gap in the evidence: then nothing is told of the pools.
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void sample(), sampleEveryMs);
  return {
    [Symbol.dispose]() {
      over = true;
      clearInterval(timer);
    },
  };
}
