import json from '../../topology.json' with { type: 'json' };
import type { Capacity } from './protocol.ts';

/** What the region starts with; programs outside read the same file. */
export interface Topology {
  zones: string[];
  nodeGroups: { name: string; capacity: Capacity; nodesPerZone: number }[];
}

export const topology = json as Topology;
