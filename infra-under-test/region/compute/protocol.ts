/** The protocol between a node's agent and the control API. */

import type { Instance } from '../machines.ts';

/** How a node's machine is paid for. */
export type Capacity = Instance['capacity'];

/** A pod as its node sees it. */
export interface PodStatus {
  name: string;
  phase: 'starting' | 'running' | 'backing-off' | 'stopping';
  ready: boolean;
  /** On 127.0.0.1; null while it does not listen. */
  port: number | null;
  restarts: number;
  /** How its process last ended, in words. */
  lastExit: string | null;
  /** CPU time that its process has used so far; null while it is unknown. */
  cpuMs: number | null;
}

/** POST /heartbeats. */
export interface Heartbeat {
  node: string;
  zone: string;
  capacity: Capacity;
  /** When the CPU times were read, by the node's own monotonic clock. */
  atMs: number;
  pods: PodStatus[];
}

/** A pod that a node is to run: arguments of node, and its whole environment except PATH. */
export interface PodSpec {
  name: string;
  args: string[];
  env: Record<string, string>;
}

/** The answer to a heartbeat: exactly the pods that the node is to run. */
export interface Assignment {
  pods: PodSpec[];
  /** Whether the shop has been opened: a node where no pod serves then leaves the CPU to those where some do. */
  open: boolean;
}
