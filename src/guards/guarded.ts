import type { Hit } from '../model/fault.ts';
import type { GuardAnswer, Guards } from '../model/guards.ts';

/** A platform that somebody else runs, and what is to be done to it. */
export interface Guarded {
  guards: Guards;
  /** What is loaded and probed: the shop, and its replicas around the balancer. */
  urls: readonly string[];
  /** The context of its cluster; left out: it has none that is known. */
  context?: string | undefined;
  /** Whether all of it is on this machine. */
  isHere: boolean;
  hits: readonly Hit[];
  /** How long the drill takes at the most. */
  lastsMs: number;
  /** Why this is to be done to production; undefined: nobody said. */
  productionReason: string | undefined;
  /** The folder that commands run in, and the variables whose values are never told. */
  cwd: string;
  secrets: readonly string[];
  /** When it begins, epoch ms. */
  atMs: number;
  signal: AbortSignal;
}

/** Asks one thing that has to be so; changes nothing. Undefined where there is nothing to ask. @throws why it cannot be read */
export type Guard = (guarded: Guarded) => GuardAnswer | undefined | Promise<GuardAnswer | undefined>;
