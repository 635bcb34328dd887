import type { DnsServer } from '../dns/server.ts';
import type { FailoverReport } from './failover.ts';
import type { Passwords } from './first-writer.ts';
import type { InstanceStatus } from './instance.ts';

/** Something that happened. source: `rds` for what RDS would report, `region` for our own, more detailed log. */
export interface ClusterEvent {
  atMs: number;
  source: 'rds' | 'region';
  message: string;
}

/** The writer as a migration gets it, before there are readers. */
export interface MigrationAccess {
  host: string;
  port: number;
  database: string;
  superuser: 'postgres';
  password: string;
  /** The other roles' passwords; `shop` owns the database. */
  passwords: Passwords;
}

export interface ClusterOptions {
  /** A folder of its own for data and logs; created when missing. */
  dir: string;
  dns: DnsServer;
  /** Creates and fills the shop's tables. */
  migrate?: (writer: MigrationAccess) => Promise<void>;
  onEvent?: (event: ClusterEvent) => void;
  /** An SQL expression: how many orders the database holds; without it there are none to lose. */
  countOrders?: string;
  /**
   * False: commits wait for no reader, and the readers receive changes `replicaLagMs` late. A writer that fails over has
   * acknowledged orders that no reader has, if any came in its last seconds.
   */
  quorumCommit?: boolean;
  replicaLagMs?: number;
  /** How long after the promotion the writer's name is moved. */
  dnsFlipDelayMs?: number;
}

export interface ClusterMember {
  id: string;
  zone: string;
  role: 'writer' | 'reader';
  /** `rebooting` also while its zone is disconnected. */
  status: InstanceStatus;
  host: string;
  port: number;
  /** Of the server's first process; null while it is down. */
  pid: number | null;
}

export interface ClusterDescription {
  id: string;
  /** Stays `failing-over` when a failover finds no reader to promote. */
  status: 'creating' | 'available' | 'failing-over' | 'stopped';
  members: ClusterMember[];
}

/** A running cluster of one writer and two readers. */
export interface DatabaseCluster extends AsyncDisposable {
  id: string;
  databaseName: string;
  /** PostgreSQL's version, e.g. "18.4". */
  version: string;
  /** SRV names in the DNS server. */
  writerName: string;
  readerName: string;
  passwords: Passwords;
  /** What differs from Aurora in production, one sentence each. */
  fidelity: string[];
  describe(): ClusterDescription;
  /** All events since the start, oldest first. */
  events(): readonly ClusterEvent[];
  /**
   * Begins a failover to the named reader, or to the one that received most. Throws FailoverRefused at once when
   * it cannot; `completed` resolves when the writer's name has moved, and needs no handler.
   */
  failover(targetInstanceId?: string): { completed: Promise<FailoverReport> };
  /** Crashes one instance. The cluster notices: it replaces a writer by a failover, and restarts a reader. */
  crash(instanceId: string): Promise<void>;
  /** Takes away a zone's network: its server freezes, and connections to it hang. Causes no failover by itself. */
  disconnect(zone: string): Promise<void>;
  /**
   * Gives a zone its network back: its server resumes. One that the cluster has failed away from in the meantime is
   * killed before it can write again, and comes back as a reader.
   */
  reconnect(zone: string): Promise<void>;
  /** Ends every server at once and deletes the data; logs stay. */
  stop(): Promise<void>;
}
