import type { WillChange } from './fault.ts';

/** Something a platform can do or show that a drill may need. */
export const capabilities = {
  'rds-failover': 'an Aurora-like cluster behind the RDS API with at least one reader',
  'order-readback': 'a way to read orders back from the database',
  'replica-probes': "addresses of the shop's replicas, to probe them around the balancer",
  'protection-switches': 'protections that can be switched off, to prove that a drill can fail',
} as const;
export type Capability = keyof typeof capabilities;

/** A copy of the shop behind the balancer. */
export interface Replica {
  name: string;
  zone: string;
  baseUrl: string;
}

/** An order as the database holds it. createdAtUs: epoch microseconds. */
export interface StoredOrder {
  key: string;
  orderId: string;
  createdAtUs: number;
}

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
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
}

/** A platform that is up. Disposing of it tears down what standing it up created, and no more. */
export interface Platform extends AsyncDisposable {
  baseUrl: string;
  tenants: string[];
  aws: AwsAccess | null;
  databaseClusterId: string | null;
  versions: Record<string, string>;
  scale: string;
  fidelity: string[];
  replicas(): Promise<Replica[]>;
  /** Orders written since an instant whose key starts with a prefix. */
  readOrders(keyPrefix: string): Promise<StoredOrder[]>;
  events(sinceMs: number): Promise<PlatformEvent[]>;
}

/** Where drills run. Disposable state, locks and journals live with the harness, not here. */
export interface Target {
  name: string;
  capabilities: ReadonlySet<Capability>;
  /** Names of the platform's protections that can be switched off; empty when none can. */
  protections: readonly string[];
  standUp(options: StandUpOptions): Promise<Platform>;
}

export interface StandUpOptions {
  runId: string;
  /** Protections to switch off. */
  without: string[];
  /** Writes down how to take a change back, before it is made; gives what to call once it has been taken back. */
  willChange: WillChange;
  /** Leave the platform up when disposed of. */
  keep: boolean;
  signal: AbortSignal;
  progress: (message: string) => void;
}
