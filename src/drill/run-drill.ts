import { join } from 'node:path';
import { findK6 } from '../load/find-k6.ts';
import type { Drill } from '../model/drill.ts';
import { invalid, Stopped, TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import type { Undoers } from '../model/fault.ts';
import type { Plan } from '../model/plan.ts';
import type { Target } from '../model/target.ts';
import type { RunStatus } from '../model/verdict.ts';
import type { ReportInput } from '../report/report-input.ts';
import { nowMs } from '../runtime/clock.ts';
import { writeJson } from '../runtime/files.ts';
import { newRunId } from '../runtime/random.ts';
import { Journal, undoPending } from '../safety/journal.ts';
import { takeLock } from '../safety/lock.ts';
import { describeEnvironment } from './environment.ts';
import { sealEvidence } from './evidence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { judgeRun } from './judge-run.ts';
import { perform } from './perform.ts';
import { type Listener, Recorder } from './recorder.ts';
import { checkReportsFolder, makeRunFolder, runFolderAt } from './run-folder.ts';

export interface Setup {
  target: Target;
  undoers: Undoers;
  /** Path of the traffic script. */
  script: string;
  /** The command that runs this drill again. */
  command: string;
  reportsFolder: string;
  lockPath: string;
  keep: boolean;
  signal: AbortSignal;
  listener: Listener;
  onProgress: (message: string) => void;
}

export interface DrillResult {
  judged: ReportInput;
  runFolder: string;
  exitCode: ExitCode;
  /** What kept the drill from its end, if anything did. */
  error: Error | null;
}

/**
 * Runs a drill from its lock to its reports.
 * @throws TenfoldError (invalid) when it is refused before anything was started; everything later is in the result.
 */
export async function runDrill(drill: Drill, plan: Plan, setup: Setup): Promise<DrillResult> {
  await checkReportsFolder(setup.reportsFolder);
  const k6 = await findK6(setup.onProgress, setup.signal);
  const runId = newRunId(nowMs());
  const owner = { runId, runFolder: join(setup.reportsFolder, drill.name, runId) };
  await using lock = await takeLock(setup.lockPath, owner, (former) => cleanUpAfter(former.runFolder, setup));
  await refuseUnfit(setup);

  const folder = await makeRunFolder(setup.reportsFolder, drill.name, runId);
  await writeJson(join(folder.path, 'drill.json'), drill);
  await writeJson(join(folder.path, 'plan.json'), plan);
  const versions = { k6: k6.version, node: process.version, platform: `${process.platform} ${process.arch}` };
  using recorder = new Recorder(folder.evidence, setup.listener);
  using journal = new Journal(folder.journal);
  recorder.emit({
    kind: 'run-started',
    atMs: nowMs(),
    drill: drill.name,
    runId,
    target: plan.target,
    profile: plan.profile.name,
    command: setup.command,
    environment: await describeEnvironment(plan, versions),
  });
  // From here on the folder has a verdict, whatever happens to this process: crashed, until something better is known.
  await judgeRun(folder.path);

  const error = await caught(
    perform({
      ...setup,
      drill,
      plan,
      runId,
      k6,
      runFolder: folder.path,
      evidenceFolder: folder.evidence,
      emit: recorder.emit,
      willChange: (undo) => journal.willChange(undo),
      environmentOf: (platform) => describeEnvironment(plan, versions, platform),
    }),
  );
  const dirty = await undoPending(folder.journal, setup.undoers);
  if (dirty.length > 0) lock.leaveDirty();
  recorder.emit({ kind: 'run-finished', atMs: nowMs(), status: statusAfter(error), reason: error?.message ?? null });
  setup.onProgress('sealing and judging the evidence');
  await sealEvidence(folder.evidence);
  const judged = await judgeRun(folder.path, { withReports: true });
  return {
    judged,
    runFolder: folder.path,
    exitCode: exitCodeOf(judged.verdict, error, dirty.length > 0),
    error: dirtyError(dirty) ?? error,
  };
}

/** @throws TenfoldError (invalid) with what keeps the platform from being used. */
async function refuseUnfit({ target, signal }: Setup): Promise<void> {
  const problems = (await target.unfit?.(signal)) ?? [];
  if (problems.length > 0)
    throw invalid(problems, 'nothing was started; docs/ATTACHED.md says what a shop has to answer');
}

const caught = (work: Promise<void>): Promise<Error | null> => work.then(() => null, asError);

/** `await using` wraps an error that another followed while cleaning up: the first one is the cause that people need. */
function asError(error: unknown): Error {
  if (error instanceof SuppressedError) return asError(error.suppressed);
  return error instanceof Error ? error : new Error(String(error));
}

function statusAfter(error: Error | null): RunStatus {
  if (error === null) return 'completed';
  return error instanceof Stopped ? error.status : 'crashed';
}

function dirtyError(dirty: string[]): TenfoldError | null {
  if (dirty.length === 0) return null;
  return new TenfoldError(['the platform may be dirty, this could not be undone:', ...dirty].join('\n'), {
    exitCode: exitCodes.dirty,
    hint: 'the next drill tries again; npm run platform -- status shows what is up',
  });
}

/** Finishes what a drill that died left undone, before a new one may start. */
async function cleanUpAfter(runFolder: string, setup: Setup): Promise<void> {
  setup.onProgress(`cleaning up after a drill that died: ${runFolder}`);
  const former = runFolderAt(runFolder);
  const error = dirtyError(await undoPending(former.journal, setup.undoers));
  if (error) throw error;
}
