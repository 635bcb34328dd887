/** Every exit code of the command line; nothing else defines one. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  stopped: 3,
  invalid: 4,
  dirty: 5,
  bug: 70,
} as const;

type ExitName = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[ExitName];

export const exitCodeMeanings: Record<ExitName, string> = {
  pass: 'every finding passed',
  fail: 'at least one promise was broken, even if the drill then stopped early',
  inconclusive: 'nothing is known to be broken, and not everything could be measured',
  stopped: 'a person (Ctrl-C) or a stop condition ended the drill',
  invalid: 'the definition, the options or this machine cannot run the drill; nothing was started',
  dirty: 'an undo or a tear-down failed: the platform may be dirty',
  bug: 'a bug in tenfold',
};
