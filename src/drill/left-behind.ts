import { TenfoldError } from '../model/errors.ts';
import type { Emit } from '../model/evidence.ts';
import { exitCodes } from '../model/exit-codes.ts';
import type { PickedFault } from '../model/fault.ts';
import type { Setup } from './run-drill.ts';
import { stepsTo } from './steps.ts';

/** What is not as before once all is undone, in words: what the fault itself reports, and what the platform does. */
export async function leftBehind(
  fault: PickedFault | null,
  { target, onProgress, limits }: Pick<Setup, 'target' | 'onProgress' | 'limits'>,
  emit: Emit,
): Promise<string[]> {
  if (!fault?.way.leftBehind && !target.leftBehind) return [];
  onProgress('looking whether all is as before');
  // What ended the drill does not end this.
  const step = stepsTo(emit, new AbortController().signal, limits);
  const look = async (signal: AbortSignal) => {
    const still = await fault?.way.leftBehind?.(signal);
    const problems = [...(still === undefined ? [] : [still]), ...((await target.leftBehind?.(signal)) ?? [])];
    if (problems.length > 0) throw new Error(problems.join('\n'));
  };
  return await step('all as before', look).then(
    () => [],
    (error: Error) => error.message.split('\n'),
  );
}

/** The same as an error for people; null when nothing is left. */
export function leftBehindError(left: string[], fault: PickedFault | null): TenfoldError | null {
  if (left.length === 0) return null;
  return new TenfoldError(['all was undone, and yet the platform is not as before:', ...left].join('\n'), {
    exitCode: exitCodes.dirty,
    hint: `look at it, and mend it by hand; the undo was: ${fault?.way.undo ?? ''}`,
  });
}
