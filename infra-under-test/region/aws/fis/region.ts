import type { DatabaseCluster } from '../../database/cluster.ts';
import type { Machines } from '../../machines.ts';
import { Holds } from './holds.ts';

export interface FisRegionOptions {
  machines: Machines;
  cluster: DatabaseCluster;
  /** Its name, as in ARNs. */
  region: string;
  /** How many times faster than on AWS durations pass. */
  timeScale: number;
  /** Aborted when the region ends: whatever is under way is left as it is. */
  closing: AbortSignal;
}

/** The region that experiments act on. */
export interface FisRegion extends FisRegionOptions {
  /** Those of a kind, such as `disconnected`: the same ones for every action of the region. */
  holds(kind: string, begin: (name: string) => Promise<void>, end: (name: string) => Promise<void>): Holds;
  zones(): string[];
}

export function fisRegion(options: FisRegionOptions): FisRegion {
  const { machines } = options;
  const kinds = new Map<string, Holds>();
  return {
    ...options,
    holds(kind, begin, end) {
      const known = kinds.get(kind) ?? new Holds(begin, end);
      kinds.set(kind, known);
      return known;
    },
    zones: () => [...new Set(machines.subnets().map(({ zone }) => zone))],
  };
}
