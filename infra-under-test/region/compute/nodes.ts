import { join } from 'node:path';
import { constants } from '../constants.ts';
import { programs } from '../paths.ts';
import { labelOf, type OwnProcess, startNode } from '../processes.ts';

export interface NodesOptions {
  regionId: string;
  controlUrl: string;
  /** Lets an agent talk to the control API. */
  token: string;
  logDir: string;
}

/** A node and its agent, the leader of the node's process group. */
export interface ComputeNode {
  name: string;
  zone: string;
  agent: OwnProcess;
}

/** Names and zones of the region's nodes: `local-1a-1`, `local-1a-2` and so on. */
export function nodesOfRegion(): { name: string; zone: string }[] {
  return constants.zones.flatMap((zone) =>
    Array.from({ length: constants.nodesPerZone }, (_, index) => ({ name: `${zone}-${index + 1}`, zone })),
  );
}

/** Starts the agent of a node, which then registers itself by its heartbeats. */
export async function startComputeNode(
  node: { name: string; zone: string },
  options: NodesOptions,
): Promise<ComputeNode> {
  const agent = await startNode({
    name: `node ${node.name}`,
    args: [
      programs.nodeAgent,
      labelOf(options.regionId),
      `--control=${options.controlUrl}`,
      `--node=${node.name}`,
      `--zone=${node.zone}`,
    ],
    env: { REGION_TOKEN: options.token },
    logFile: join(options.logDir, `${node.name}.log`),
  });
  return { ...node, agent };
}
