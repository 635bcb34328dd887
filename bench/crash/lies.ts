/** Whether what a struck drill says about itself is true. Pure. */
import { exitCodes } from '../../src/model/exit-codes.ts';
import type { Outcome, RunStatus } from '../../src/model/verdict.ts';
import type { StageName } from './life.ts';
import type { Round } from './rounds.ts';

/** How the typed command ended. */
export interface End {
  code: number | null;
  signal: string | null;
}

/** A run folder; null where it has no readable verdict. */
export interface ToldRun {
  name: string;
  verdict: { status: RunStatus; outcome: Outcome } | null;
}

type Blow = Pick<Round, 'way' | 'victim'>;

/** Whether the drill's own process was killed, so that it could undo nothing. */
export const isKilled = ({ way, victim, reach }: Blow & Pick<Round, 'reach'>): boolean =>
  way === 'SIGKILL' && (victim === 'harness' || (victim === 'npm' && reach === 'group'));

/** @param reached the last stage that the drill had reported when it was struck. */
export function liesOf(round: Blow & Pick<Round, 'reach'>, reached: StageName, end: End, runs: ToldRun[]): string[] {
  const lies = runs.flatMap((run) => liesOfRun(run, allowed(round, reached)));
  if (end.code === exitCodes.bug) lies.push('exit code 70, as if this was a bug');
  const [run] = runs;
  if (run?.verdict && end.code !== null && end.code !== exitCodes.bug && !isKilled(round)) {
    const codes = codesOf(run.verdict);
    if (!codes.includes(end.code))
      lies.push(`exit code ${end.code}, but the verdict is ${run.verdict.status}, ${run.verdict.outcome}`);
  }
  if (run === undefined && end.code === exitCodes.pass && !isKilled(round)) lies.push('exit code 0 without a run');
  return lies;
}

function liesOfRun({ name, verdict }: ToldRun, { statuses, mayPass }: Allowed): string[] {
  if (verdict === null) return [`run ${name} has no verdict`];
  const { status, outcome } = verdict;
  if (!statuses.includes(status)) return [`run ${name} says ${status}, not ${statuses.join(' or ')}`];
  if (outcome === 'pass' && !mayPass) return [`run ${name} says pass`];
  return [];
}

interface Allowed {
  statuses: readonly RunStatus[];
  mayPass: boolean;
}

/** What may be said after a blow. */
function allowed(round: Blow & Pick<Round, 'reach'>, reached: StageName): Allowed {
  // The drill itself is over by then: what it says about itself says nothing about its judging.
  if (reached === 'judging') return { statuses: ['completed', 'crashed'], mayPass: true };
  const { way, victim } = round;
  if (isKilled(round)) return { statuses: ['crashed'], mayPass: false };
  // Only npm is gone, or nobody at all.
  if (way === 'SIGKILL' && victim === 'npm') return { statuses: ['completed', 'interrupted'], mayPass: true };
  if (way === 'SIGPIPE' || way === 'output-closed') return { statuses: ['completed'], mayPass: true };
  // Once the load has ended, nothing is cut short.
  const wasWhole = reached === 'collect';
  if (victim === 'harness' || victim === 'npm')
    return { statuses: wasWhole ? ['interrupted', 'completed'] : ['interrupted'], mayPass: wasWhole };
  if (victim === 'k6' || victim === 'sentinel') return { statuses: ['crashed'], mayPass: false };
  return { statuses: ['crashed', 'completed'], mayPass: false };
}

/** The exit codes that a run may have; 5 is always possible, and is reported on its own. */
function codesOf({ status, outcome }: NonNullable<ToldRun['verdict']>): number[] {
  if (status === 'interrupted' || status === 'stopped') return [exitCodes.stopped, exitCodes.dirty];
  const byOutcome = exitCodes[outcome];
  return status === 'completed' ? [byOutcome, exitCodes.dirty] : [byOutcome, exitCodes.invalid, exitCodes.dirty];
}
