import json from '../../topology.json' with { type: 'json' };
import type { Capacity } from './protocol.ts';

/** What the region is made of at its start; programs outside read the same file. */
export interface Topology {
  zones: string[];
  nodeGroups: { name: string; capacity: Capacity; nodesPerZone: number }[];
}

export const topology = json as Topology;
