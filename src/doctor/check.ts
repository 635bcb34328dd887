import type { K6 } from '../load/find-k6.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import type { Load } from './load.ts';

export const answerOutcomes = ['problem', 'warning', 'unknown', 'ok'] as const;

/**
 * What was found. A problem keeps drills from running, or makes their verdicts worthless; a warning makes them less certain;
 * what could not be found out is unknown, and never ok.
 */
export interface Answer {
  outcome: (typeof answerOutcomes)[number];
  message: string;
  /** What a person can do. */
  remedy?: string;
}

/** Looks at one thing that drills need, and leaves it as it was: a file of this folder and a line in `checks.ts`. */
export interface Check {
  id: string;
  /** Its name for people. */
  title: string;
  /** No answer at all where it does not matter. What it throws becomes an unknown. */
  run(context: Context): Promise<Answer[]>;
}

/** Where drills would run. */
export interface Site {
  target: Target;
  profile: Profile;
  /** For locks and journals. */
  platform: string;
}

/** What checks are told. Whatever takes time is found out once, when the first of them asks. */
export interface Context {
  /** Variables as they were when the command began: a target takes some of them away. */
  environment: Record<string, string | undefined>;
  /** Whether drills stand the shop up on this machine; if not, it is somebody's own, which is up. */
  standsUp: boolean;
  reportsFolder: string;
  /** @throws TenfoldError (invalid) when the config cannot be used. */
  site(): Promise<Site>;
  /** The k6 that is there; undefined where one would have to be built. @throws TenfoldError (invalid), see `lookForK6`. */
  k6(): Promise<{ k6: K6 | undefined; tried: string[] }>;
  /** What a drill would ask of this host. Measures for a second or two. */
  load(): Promise<Load>;
  /** Where the platform is that somebody keeps up. @throws TenfoldError (invalid) when it is of another version. */
  keptUpAt(): Promise<string | undefined>;
}
