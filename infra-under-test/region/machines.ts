/** What the FIS endpoint can do to a region: the port between it and the mechanisms. */

export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

/** A node's machine, as EC2 would describe it. */
export interface Instance {
  instanceId: string;
  arn: string;
  node: string;
  zone: string;
  subnetId: string;
  group: string;
  capacity: 'on-demand' | 'spot';
  state: InstanceState;
  tags: Record<string, string>;
}

/** What a zone's subnet holds: its nodes, or its database instance. */
export type SubnetTier = 'nodes' | 'database';

export interface Subnet {
  subnetId: string;
  arn: string;
  zone: string;
  tier: SubnetTier;
  tags: Record<string, string>;
}

export interface NodeGroup {
  name: string;
  arn: string;
  tags: Record<string, string>;
}

export interface Machines {
  /** Terminated ones stay listed for a while, as on EC2. */
  instances(): Instance[];
  subnets(): Subnet[];
  groups(): NodeGroup[];
  /** Powers them off for good; the node group replaces them. Resolves once they are off. */
  terminate(instanceIds: string[], because: string): Promise<void>;
  /** Powers them off, to be started again or replaced by the node group. */
  stop(instanceIds: string[], because: string): Promise<void>;
  start(instanceIds: string[]): Promise<void>;
  /** Gives notice of a spot interruption; the instances are terminated when it expires. Resolves once it is given. */
  interruptSpot(instanceIds: string[], noticeMs: number): Promise<void>;
  /** Cuts off a subnet: everything in it freezes, and connections hang. */
  disconnect(subnetId: string): Promise<void>;
  reconnect(subnetId: string): Promise<void>;
  /** Node groups get no new instances in these zones: insufficient capacity. */
  pauseLaunches(zones: string[]): void;
  resumeLaunches(zones: string[]): void;
}
