import { join } from 'node:path';
import { programs } from '../paths.ts';
import { killGroup, labelOf, type OwnProcess, startNode } from '../processes.ts';
import { giveWay } from './cpu-share.ts';
import type { Capacity } from './protocol.ts';

export interface NodesOptions {
  regionId: string;
  controlUrl: string;
  /** Lets an agent talk to the control API. */
  token: string;
  logDir: string;
  /** Whether it leaves the CPU to nodes where pods serve, until its own do. */
  givesWay: boolean;
}

/** A node's name and place. */
export interface NodePlace {
  name: string;
  zone: string;
  capacity: Capacity;
}

/** A node that is powered on: its agent and its pods, one process group. */
export interface PoweredNode {
  /** How it ended, in words. */
  exited: Promise<string>;
  /** Resolves when it is off, frozen or not. */
  powerOff(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/** Starts the agent of a node, which then registers itself by its heartbeats. */
export async function startNodeAgent({ name, zone, capacity }: NodePlace, options: NodesOptions): Promise<OwnProcess> {
  const agent = await startNode({
    name: `node ${name}`,
    args: [
      programs.nodeAgent,
      labelOf(options.regionId),
      `--control=${options.controlUrl}`,
      `--node=${name}`,
      `--zone=${zone}`,
      `--capacity=${capacity}`,
    ],
    env: { REGION_TOKEN: options.token },
    logFile: join(options.logDir, `${name}.log`),
  });
  if (options.givesWay) await giveWay(agent.pid, true);
  return agent;
}

/** A node by the process that leads its group. */
export function poweredNode({ pid, exited }: OwnProcess): PoweredNode {
  return {
    exited,
    powerOff: async () => {
      killGroup(pid, 'SIGKILL');
      await exited;
    },
    freeze: () => killGroup(pid, 'SIGSTOP'),
    thaw: () => killGroup(pid, 'SIGCONT'),
  };
}
