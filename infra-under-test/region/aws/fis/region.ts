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
  /** Given when the region ends: what is under way is left as it is. */
  closing: AbortSignal;
}

/** The region that experiments act on. */
export interface FisRegion extends FisRegionOptions {
  /** Subnets without network, by their ids. */
  disconnected: Holds;
  /** Zones in which no instance can be launched. */
  withoutCapacity: Holds;
  zones(): string[];
}

export function fisRegion(options: FisRegionOptions): FisRegion {
  const { machines } = options;
  return {
    ...options,
    disconnected: new Holds(
      (subnetId) => machines.disconnect(subnetId),
      (subnetId) => machines.reconnect(subnetId),
    ),
    withoutCapacity: new Holds(
      async (zone) => machines.pauseLaunches([zone]),
      async (zone) => machines.resumeLaunches([zone]),
    ),
    zones: () => [...new Set(machines.subnets().map(({ zone }) => zone))],
  };
}
