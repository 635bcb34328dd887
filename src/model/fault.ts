import type { Capability } from './capabilities.ts';
import type { RecoveryPath } from './objectives.ts';
import type { Platform } from './platform.ts';
import type { Span } from './span.ts';
import type { Inventory } from './target.ts';

/** How to take a change back: written to the journal before the change is made. Plain data, so that any later process can do it. */
export interface Undo {
  kind: string;
  /**
   * Epoch ms by which it is undone even if its drill is dead (src/safety/changes.ts); where the platform cannot end it.
   */
  expiresAtMs?: number;
  /** It keeps other drills away: whoever lives lets go of it last. */
  isLock?: true;
  [detail: string]: string | number | boolean;
}

/** Takes back changes by kind, also for a process that has died. Doing it twice does no harm. */
export type Undoers = Record<string, (undo: Undo) => Promise<void>>;

/** Is told, in words, of what somebody else has changed since, and was therefore left as it is. */
export type TellLeft = (words: string) => void;

/**
 * Records an undo, flushed to disk, before the change is made. Returns what to call once it has been undone.
 * @param left of that, what was left as it is, since somebody else has changed it
 */
export type WillChange = (undo: Undo) => (left?: readonly string[]) => void;

export interface FaultContext {
  platform: Platform;
  /** The target's name, so that a later process knows where to undo. */
  target: string;
  /** Marks everything that is made for this run. */
  runId: string;
  willChange: WillChange;
  signal: AbortSignal;
  /** The longest that a fault may last, from its injection to the end of a load that is held on. */
  atMostMs?: number;
  /** How much faster than production's the platform's own clock runs; left out: 1. */
  timeScale?: number;
}

/** What one fault takes away and when, so that a combination can be checked for contradictions before anything is started. */
export interface FaultEffect {
  kind: string;
  /** From the injection of the whole fault. */
  startsAfterMs: number;
  /** How long the fault itself lasts, including any notice. */
  lasts?: Span;
  /** A zone that goes dark for that long: its name, or `writersZone`. */
  zoneOut?: string;
  /** The database instance that has to be promoted. */
  promotes?: string;
}

/** Stands for the zone of the database's writer, which is known only once the platform is up. */
export const writersZone = 'the zone of the writer';

/** Whether a fault bit, with the evidence in words; if it did not, null and the reason in words. */
export type Proof = { provenAtMs: number; proof: string } | { provenAtMs: null; proof: string };

/** A fault that was injected. */
export interface ActiveFault {
  /** When the order to break something was given, epoch ms. */
  injectedAtMs: number;
  /** Waits for evidence that it bit. @param signal ends the wait: nobody would feel a fault that bites later */
  prove(signal: AbortSignal): Promise<Proof>;
  /**
   * Takes it back and waits until the platform reports that it is healthy again; only waits if the fault ends on its own. Null
   * when the platform did not become healthy, which is a finding about the platform; throws when taking back failed.
   */
  undo(): Promise<{ revertedAtMs: number | null }>;
}

/** The longest that an injection and an undo may take. */
export interface FaultLimits {
  injectMs: number;
  undoMs: number;
}

/** How long the engine waits for a fault that names no limits of its own. */
export const usualFaultLimits: FaultLimits = { injectMs: 60_000, undoMs: 120_000 };

/** What a fault hits of one kind of resource. */
export interface Hit {
  /** Such as node, zone, database instance, replica. */
  kind: string;
  /** Which ones, in words or by name. */
  which: string;
  /** How many at most, and of how many; null where not stated. */
  count: number | null;
  of: number | null;
}

/** What breaks: one file in `chaos/`. How it is done is up to its ways. */
export interface Fault {
  kind: string;
  /** One line for people: what breaks. */
  summary: string;
  effects: readonly FaultEffect[];
  /** Asks nothing: what is known only once the platform is up is given in words. */
  hits(inventory: Inventory): Hit[];
  /** The same in a zone that is named; left out where no zone is its target, or one is named already. */
  inZone?(zone: string): Fault;
  /**
   * What it takes from others too who use the same cluster, in words: more than a namespace, and nodes. Where there may be others, it is
   * done for whoever names its drill, and not for whoever asks for all. Left out: nothing.
   */
  takesFromOthers?: string;
  /** What is wrong with it, before anything is started: no target, or more than its blast radius. */
  problems(inventory: Inventory): string[];
  /** A plan takes the first one whose requirements the target meets. */
  ways: readonly Way[];
}

/** How one client of a platform does a fault: one file in `chaos/<fault>/`. */
export interface Way {
  /** Such as fis, database, command. */
  name: string;
  requires: readonly Capability[];
  /** How it is taken back, in words. */
  undo: string;
  /** The rights that it needs, such as `fis:StartExperiment`, or a command. */
  rights: readonly string[];
  /** What this way leaves as it is, of what the fault takes away: that it comes back shows nothing then. */
  leaves?: readonly RecoveryPath[];
  /** It also orders a failover of the database: what that needs is up to whose it is (Target.failoverRights). */
  failsOver?: boolean;
  /** Problems with its target on this platform, in words; empty when it can be injected. Breaks nothing. */
  check(context: FaultContext): Promise<string[]>;
  /**
   * What would prove it, in words, if that holds already: then it would prove nothing. Left out where a proof is a change
   * from the state at the injection. Breaks nothing, and is quick: it is also asked right before the injection.
   */
  holdsAlready?(context: FaultContext): Promise<string | undefined>;
  /** After the undo: what still shows the fault, in words; undefined when all is as before. Waits for a bounded time. */
  leftBehind?(signal: AbortSignal): Promise<string | undefined>;
  /** Its own limits for an injection and an undo; left out: the engine's usual ones. */
  limits?: FaultLimits;
  inject(context: FaultContext): Promise<ActiveFault>;
}

/** A fault with the way that a plan has picked. */
export interface PickedFault {
  kind: string;
  way: Way;
}
