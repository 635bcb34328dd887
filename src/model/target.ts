import type { WillChange } from './fault.ts';
import type { ShopProbes, ShopTraffic } from './shop-request.ts';

/** Something a platform can do or show that a drill may need. */
export const capabilities = {
  'rds-failover': 'an Aurora-like cluster behind the RDS API with at least one reader',
  'order-readback': 'a way to read orders back from the database',
  'replica-probes': "addresses of the shop's replicas, to probe them around the balancer",
  'protection-switches': 'protections that can be switched off, to prove that a drill can fail',
  fis: 'an AWS FIS endpoint that can break the nodes, zones and database of the shop',
  'node-inventory': "the shop's nodes and pods with their groups, zones and CPU use",
  autoscaling: 'pods that are added and taken away with the load',
  'spot-nodes': 'a group of spot nodes',
} as const;
export type Capability = keyof typeof capabilities;

export type CapacityType = 'on-demand' | 'spot';

/** A copy of the shop behind the balancer. */
export interface Replica {
  name: string;
  zone: string;
  node: string;
  baseUrl: string;
}

/** What a target is made of, known before anything is stood up: what a fault could hit. */
export interface Inventory {
  zones: string[];
  nodes: { name: string; zone: string; capacity: CapacityType }[];
  databaseInstances: { id: string; zone: string }[];
}

/** A platform's nodes and pods at one instant. */
export interface LiveInventory {
  nodes: LiveNode[];
  nodesWanted: number;
  pods: LivePod[];
  /** What autoscaling asks for now. */
  podsWanted: number;
  /** The most that it may ask for; null without it. */
  podsMax: number | null;
}
export interface LiveNode {
  name: string;
  zone: string;
  capacity: CapacityType;
  ready: boolean;
  instanceArn: string;
}
export interface LivePod {
  name: string;
  node: string;
  zone: string;
  ready: boolean;
  /** CPU use as a share of what the pod requests; null while it is unknown. */
  cpuRatio: number | null;
}

export const podEndCauses = ['scaled-down', 'evicted', 'node-lost', 'crashed'] as const;

/** The end of a pod, attributed. */
export interface PodEnd {
  atMs: number;
  pod: string;
  node: string;
  capacity: CapacityType;
  cause: (typeof podEndCauses)[number];
  /** In words: the interruption, the termination, the exit code. */
  because: string;
}

/** An order as the database holds it. createdAtUs: epoch microseconds. */
export interface StoredOrder {
  key: string;
  orderId: string;
  createdAtUs: number;
  /** As in order-lines.ts, `none` without any; null where the platform does not tell them. */
  lines: string | null;
  totalCents: number | null;
}

/** Which orders a platform gives: all since an instant, or those alone whose keys start with a prefix. */
export const orderScopes = ['all', 'run'] as const;
export type OrderScope = (typeof orderScopes)[number];

/** A platform event as the platform tells it. */
export interface PlatformEvent {
  atMs: number;
  source: string;
  message: string;
}

/** How to reach the control plane: an AWS-compatible endpoint, or AWS itself when endpoint is undefined. */
export interface AwsAccess {
  endpoint: string | undefined;
  region: string;
  /** Tags of everything that belongs to the shop, by which faults find their targets. */
  resourceTags: Record<string, string>;
  /** The role that FIS takes on for an experiment. */
  fisRoleArn: string;
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
}

/** A platform that is up. Disposing of it tears down what standing it up created, and no more. */
export interface Platform extends AsyncDisposable {
  /** It was up before and stays up: it must be whole before and after a drill. */
  kept: boolean;
  /** Of the process on this machine that all of it descends from; null where it runs elsewhere, or nobody knows where. */
  pid: number | null;
  baseUrl: string;
  tenants: string[];
  aws: AwsAccess | null;
  databaseClusterId: string | null;
  versions: Record<string, string>;
  scale: string;
  fidelity: string[];
  /** What the sentinel asks, where it is another shop than the one under test. */
  probes?: ShopProbes;
  /** What the traffic script sends, where it does not know by itself. */
  traffic?: ShopTraffic;
  /** Names of the environment variables that the traffic script reads. */
  variables?: readonly string[];
  replicas(): Promise<Replica[]>;
  /** Which ones readOrders gives. */
  orderScope: OrderScope;
  /** Orders whose key starts with a prefix, and all others since an instant where that is the scope. */
  readOrders(keyPrefix: string, sinceMs: number): Promise<StoredOrder[]>;
  events(sinceMs: number): Promise<PlatformEvent[]>;
  inventory(): Promise<LiveInventory>;
  podEnds(sinceMs: number): Promise<PodEnd[]>;
}

/** Where drills run. Disposable state, locks and journals live with the harness, not here. */
export interface Target {
  name: string;
  capabilities: ReadonlySet<Capability>;
  /** Names of the platform's protections that can be switched off; empty when none can. */
  protections: readonly string[];
  /** Of all requests; where it is left out, that of the shop under test. */
  checkoutShare?: number;
  /** How much faster than AWS's the target's clock runs where a duration is AWS's; 1 where it is left out. */
  timeScale?: number;
  /** What a person can do when it lacks a capability. */
  wayOut?: string;
  /** What keeps the platform from being used as it is now, in words; asked before anything is started. @param asking reads: writes nothing */
  unfit?(signal: AbortSignal, asking?: 'reads' | 'all'): Promise<string[]>;
  /** After a drill: what is not as it should be, in words. Waits for it to be so, for a bounded time. */
  leftBehind?(signal: AbortSignal): Promise<string[]>;
  /** What a fault can hit, for checks before anything is started; asks, and changes nothing. */
  inventory(): Promise<Inventory>;
  standUp(options: StandUpOptions): Promise<Platform>;
}

export interface StandUpOptions {
  runId: string;
  /** Protections to switch off. */
  without: string[];
  /** Let the shop have all its pods from the start, as teams do before a peak, where the target can do that. */
  scaledOut: boolean;
  /** Writes down how to take a change back, before it is made; gives what to call once it has been taken back. */
  willChange: WillChange;
  /** Leave the platform up when disposed of. */
  keep: boolean;
  signal: AbortSignal;
  progress: (message: string) => void;
}
