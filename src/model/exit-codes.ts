/** Every exit code of the command line, and nothing else decides one. */
export const exitCodes = {
  /** Every finding passed. */
  pass: 0,
  /** At least one promise was broken, whatever kept the drill from its end afterwards. */
  fail: 1,
  /** Nothing is known to be broken, and not everything could be measured. */
  inconclusive: 2,
  /** A person (Ctrl-C) or a stop condition ended the drill. */
  stopped: 3,
  /** The definition, the options or this machine cannot run the drill; nothing was started. */
  invalid: 4,
  /** An undo or a tear-down failed: the platform may be dirty. */
  dirty: 5,
  /** A bug in tenfold. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
