import { type ExitCode, exitCodes } from '../model/exit-codes.ts';

/** Best first. A run that a stop condition ended says less than one that failed. */
const order: readonly ExitCode[] = [
  exitCodes.pass,
  exitCodes.inconclusive,
  exitCodes.stopped,
  exitCodes.fail,
  exitCodes.invalid,
  exitCodes.bug,
  exitCodes.dirty,
];

/** The exit code of several runs is that of the worst; of none it is inconclusive. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  if (codes.length === 0) return exitCodes.inconclusive;
  return codes.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a));
}
