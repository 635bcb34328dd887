/** What a node's agent and the control API tell each other. */

/** A pod as its node sees it. */
export interface PodStatus {
  name: string;
  phase: 'starting' | 'running' | 'backing-off' | 'stopping';
  ready: boolean;
  /** On 127.0.0.1; null while it does not listen. */
  port: number | null;
  restarts: number;
  /** How its process ended last, in words. */
  lastExit: string | null;
}

/** POST /heartbeats. */
export interface Heartbeat {
  node: string;
  zone: string;
  pods: PodStatus[];
}

/** A pod that a node shall run: arguments of node, and its whole environment but for PATH. */
export interface PodSpec {
  name: string;
  args: string[];
  env: Record<string, string>;
}

/** The answer to a heartbeat: all pods that the node shall run, and no others. */
export interface Assignment {
  pods: PodSpec[];
}
