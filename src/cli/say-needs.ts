import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import type { ReviewInput } from '../model/review.ts';
import { plural } from '../report/format.ts';
import { printable } from '../report/terminal.ts';
import { type DrillNeed, missingMs } from '../review/plan-review.ts';

/** What a review has and lacks, and how long that takes: lines for people. */
export function needLines(needs: readonly DrillNeed[], nightMs: number | undefined): string[] {
  const width = Math.max(0, ...needs.map(({ drill }) => drill.length));
  const rows = needs.map(({ drill, runs, runsNeeded, failed, missing, runMs }) => {
    const state =
      failed > 0
        ? `${plural(failed, 'run')} failed`
        : missing === 0
          ? 'enough'
          : `${missing} missing, ${minutes(runMs)} each`;
    return `  ${printable(drill).padEnd(width)}  ${String(runs).padStart(3)} of ${String(runsNeeded).padStart(3)} runs  ${state}`;
  });
  const totalMs = missingMs(needs);
  const nights =
    nightMs === undefined || totalMs === 0
      ? ''
      : `: ${plural(Math.ceil(totalMs / nightMs), 'night')} of ${minutes(nightMs)}`;
  return [...rows, `  all that is missing takes about ${minutes(totalMs)}${nights}`];
}

export function minutes(ms: number): string {
  const count = Math.ceil(ms / 60_000);
  return count < 120 ? `${count} min` : `${Math.floor(count / 60)} h ${count % 60} min`;
}

/** Prints the plan of a review on stdout. */
export function sayNeeds(
  needs: readonly DrillNeed[],
  leftOut: ReviewInput['leftOut'],
  { json, tonightMs }: { json: boolean; tonightMs: number | undefined },
): ExitCode {
  const lines = [
    'What a review has, and lacks',
    ...needLines(needs, tonightMs),
    ...leftOut.map(({ what, why }) => `  not tested: ${printable(`${what}: ${why}`)}`),
  ];
  const plan = { needs, missingMs: missingMs(needs), leftOut };
  process.stdout.write(`${json ? JSON.stringify(plan, null, 2) : lines.join('\n')}\n`);
  return exitCodes.pass;
}
