import type { Emit } from '../model/evidence.ts';
import type { Pools } from '../model/facets.ts';
import { nowMs } from '../runtime/clock.ts';
import { sampleEvery } from './sample-every.ts';

const sampleEveryMs = 2_000;

/** Samples what the replicas' pools have counted until it is disposed of. A sample that cannot be taken is left out. */
export const watchPools = (pools: Pools, emit: Emit): Disposable =>
  sampleEvery(sampleEveryMs, async (isOver) => {
    try {
      const read = await pools.read();
      if (!isOver() && read.length > 0) emit({ kind: 'pools', atMs: nowMs(), pools: read });
    } catch {
      // A gap in the evidence: then nothing is told of the pools.
    }
  });
