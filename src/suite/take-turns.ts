import { type DrillResult, runDrill, type Setup } from '../drill/run-drill.ts';
import type { Drill } from '../model/drill.ts';
import { TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import type { Plan } from '../model/plan.ts';

/** What all runs in a row share; the platform only where it is somebody's own, and up anyway. */
export type SharedSetup = Pick<
  Setup,
  'target' | 'undoers' | 'script' | 'platform' | 'waitUntilMs' | 'signal' | 'cwd' | 'secrets' | 'sharedLockEnv'
>;

/** One of several runs in a row. */
export interface Turn extends Pick<Setup, 'command' | 'reportsFolder'> {
  drill: Drill;
  plan: Plan;
}

/** Sees one run from its start to its end. */
export interface Watcher extends Pick<Setup, 'listener' | 'onProgress' | 'takeTicks'> {
  done(): void;
}

/** Why no more runs may follow. */
export interface Ending {
  status: 'interrupted' | 'stopped';
  reason: string;
  exitCode: ExitCode;
  /** The error, where no result tells it. */
  unreported: unknown;
}

/** After these, another run would be refused too, or meet a platform that is dirty. */
const endAll: readonly ExitCode[] = [exitCodes.invalid, exitCodes.dirty];

/**
 * Runs one drill of several. Its end, by whatever way, leaves nothing of it; an ending says that none may follow it.
 * result is undefined for a run that was refused before it had a folder.
 */
async function takeTurn(
  turn: Turn,
  setup: SharedSetup,
  watcher: Watcher,
): Promise<{ result?: DrillResult; ending?: Ending }> {
  try {
    // A signal of the run's own: what listens to it goes with the run.
    const signal = AbortSignal.any([setup.signal]);
    const { done: _, ...hooks } = watcher;
    const result = await runDrill(turn.drill, turn.plan, {
      ...setup,
      ...turn,
      signal,
      ...hooks,
      keep: false,
    });
    const { exitCode, error } = result;
    if (endAll.includes(exitCode)) return { result, ending: { ...stoppedBy(error, exitCode), unreported: null } };
    return setup.signal.aborted ? { result, ending: interruptedBy(setup.signal) } : { result };
  } catch (error) {
    if (setup.signal.aborted) return { ending: interruptedBy(setup.signal) };
    return { ending: stoppedBy(error, error instanceof TenfoldError ? error.exitCode : exitCodes.bug) };
  } finally {
    watcher.done();
  }
}

const interruptedBy = (signal: AbortSignal): Ending => ({
  status: 'interrupted',
  reason: signal.reason instanceof Error ? signal.reason.message : 'interrupted',
  exitCode: exitCodes.stopped,
  unreported: null,
});

const stoppedBy = (error: unknown, exitCode: ExitCode): Ending => ({
  status: 'stopped',
  reason: error instanceof Error ? error.message : 'the platform may be dirty',
  exitCode,
  unreported: error,
});

/** Runs drills one after the other until all have had their turn, or one ends them all. */
export async function takeTurns(
  turns: readonly Turn[],
  setup: SharedSetup,
  watch: (turn: Turn, index: number) => Watcher,
  onResult: (result: DrillResult, index: number) => Promise<void>,
): Promise<Ending | undefined> {
  for (const [index, turn] of turns.entries()) {
    const { result, ending } = await takeTurn(turn, setup, watch(turn, index));
    if (result) await onResult(result, index);
    if (ending) return ending;
  }
  return undefined;
}
