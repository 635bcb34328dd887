import type { Capability } from './capabilities.ts';
import type { Stopped } from './errors.ts';
import type { CapacityType, WorkloadState } from './facets.ts';
import type { WillChange } from './fault.ts';
import type { Missing } from './objectives.ts';
import type { Platform } from './platform.ts';

/** What a target is made of, known before anything is stood up: what a fault could hit. */
export interface Inventory {
  zones: string[];
  nodes: { name: string; zone: string; capacity: CapacityType }[];
  databaseInstances: { id: string; zone: string }[];
  /** What runs the pods of the shop's namespace; left out where it is not known. */
  workloads?: WorkloadSize[];
  /** Why what answers the cluster's names cannot be stopped, in words; left out where it can, or that is not known. */
  dnsKept?: string;
}

export interface WorkloadSize extends Pick<WorkloadState, 'kind' | 'name' | 'servesShoppers'> {
  pods: number;
  /** How many of them a rollout may take away at once. */
  mayLose: number;
}

/** What is made for a drill, and how that goes away, in words; `<run>` stands for the run's id. */
export interface Creation {
  what: string;
  undo: string;
}

/** What drills make on a platform, besides what their faults do to it. */
export interface Creations {
  always: readonly Creation[];
  /** Where the load comes from the platform's cluster. */
  load?: Creation;
  /** Where the sentinel runs in a pod of it. */
  sentinel?: Creation;
}

/** Where drills run. Disposable state, locks and journals live with the harness, not here. */
export interface Target {
  name: string;
  capabilities: ReadonlySet<Capability>;
  /** Names of the platform's protections that can be switched off; empty when none can. */
  protections: readonly string[];
  /** Share of all requests; left out: that of the shop under test. */
  checkoutShare?: number;
  /** Others may use what its platform stands on. */
  isShared?: true;
  /** How much faster than production's the platform's own clock runs; left out: 1. */
  timeScale?: number;
  /** How pods that are gone with their node are missed; left out: by health checks. */
  missing?: Missing;
  /** Left out: nothing but processes and files of this machine that are gone with the drill. */
  creates?: Creations;
  /** What every drill needs to be allowed to do, in words; left out: no more than to send requests. */
  rights?: readonly string[];
  /** The rights that a failover of its database needs. */
  failoverRights?: readonly string[];
  /** The rights that a fault needs besides, where a protection is off. */
  rightsWithout?: Readonly<Record<string, readonly string[]>>;
  /** What a person can do when it lacks a capability. */
  wayOut?: string;
  /** How much longer than a minute or two standing it up may take; left out: 0. */
  standUpMs?: number;
  /** The document that says what it needs. */
  guide?: string;
  /** What keeps the platform from being used as it is now, in words, all at once; asked before anything is started. */
  unfit?(signal: AbortSignal, asking?: Asking): Promise<string[]>;
  /** Keeps other drills from the platform, from whatever machine. @throws TenfoldError (InUse) when one is using it. */
  lock?(options: {
    runId: string;
    willChange: WillChange;
    onLost: (reason: Stopped) => void;
    /**
     * Undoes what drills of this machine left that have died, by whatever name they called the platform, where a change of theirs has
     * these details. Called before the lock of a dead drill is taken over.
     */
    undoLeft: (details: Readonly<Record<string, string>>) => Promise<void>;
  }): Promise<AsyncDisposable>;
  /** Which drill is using its platform now, from whatever machine, in words; undefined: none. @throws TenfoldError when nobody can tell */
  usedBy?(): Promise<string | undefined>;
  /** After a drill: what is not as it should be, in words. Waits for it to be so, for a bounded time. */
  leftBehind?(signal: AbortSignal): Promise<string[]>;
  /**
   * What its platform is made of, by name, such as its images: where one differs, evidence is about something else. Left out where the
   * checkout says it all. Asks, and changes nothing.
   */
  versions?(signal: AbortSignal): Promise<Record<string, string>>;
  /**
   * What a fault can hit, for checks before anything is started; asks, and changes nothing. It is given what a drill needs to be allowed
   * to do: where the platform may not be asked, all that is missing is told.
   */
  inventory(asking?: Pick<Asking, 'rights'>): Promise<Inventory>;
  standUp(options: StandUpOptions): Promise<Platform>;
}

/** What is asked of a platform before it is used. */
export interface Asking {
  /** Nothing is written; left out: probes that write are sent too. */
  readsOnly?: boolean;
  /** What a drill needs to be allowed to do, besides what every drill does, in words as a way has them. */
  rights?: readonly string[];
}

export interface StandUpOptions {
  runId: string;
  /** Protections to switch off. */
  without: string[];
  /** Let the shop have all its pods from the start, as teams do before a peak, where the target can do that. */
  scaledOut: boolean;
  /** Writes down how to take a change back, before it is made; returns what to call once it has been taken back. */
  willChange: WillChange;
  /** Leave the platform up when disposed of. */
  keep: boolean;
  signal: AbortSignal;
  progress: (message: string) => void;
}
