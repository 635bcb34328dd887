import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Drill } from '../model/drill.ts';
import { invalid, Stopped } from '../model/errors.ts';
import type { ExitCode } from '../model/exit-codes.ts';
import type { PickedFault, TellLeft, Undoers } from '../model/fault.ts';
import type { Plan } from '../model/plan.ts';
import type { Tick } from '../model/runbook.ts';
import type { Target } from '../model/target.ts';
import type { RunStatus } from '../model/verdict.ts';
import { pickedFault, rightsOf } from '../plan/pick-way.ts';
import type { ReportInput } from '../report/report-input.ts';
import { nowMs } from '../runtime/clock.ts';
import { writeJson } from '../runtime/files.ts';
import { newRunId } from '../runtime/random.ts';
import { Changes } from '../safety/changes.ts';
import { cleanUpOthers, dirtyError, undoLeftovers, undoOf } from '../safety/clean-up.ts';
import { Journal, type Owner, undoPending } from '../safety/journal.ts';
import { type LockHolder, takeLock } from '../safety/lock.ts';
import { journalPathOf, lockPathOf, stateFolder } from '../safety/state.ts';
import { whenFree } from '../safety/when-free.ts';
import { describeEnvironment, packageVersion } from './environment.ts';
import { sealEvidence } from './evidence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { type Instruments, realInstruments } from './instruments.ts';
import { judgeRun } from './judge-run.ts';
import { leftBehind, leftBehindError } from './left-behind.ts';
import { perform } from './perform.ts';
import { type Listener, Recorder } from './recorder.ts';
import { checkReportsFolder, makeRunFolder, type RunFolder } from './run-folder.ts';
import type { StepLimits } from './steps.ts';
import { TickFile } from './tick-file.ts';

export interface Setup {
  target: Target;
  undoers: (tell: TellLeft) => Undoers;
  /** Path of the traffic script. */
  script: string;
  /** The command that runs this drill again. */
  command: string;
  reportsFolder: string;
  /** Which platform it is, for locks and journals. */
  platform: string;
  keep: boolean;
  /** The environment variable for the database whose lock other machines see too. */
  sharedLockEnv?: string | undefined;
  /** Until when to wait where another drill is using the platform, epoch ms; left out: it is refused then. */
  waitUntilMs?: number | undefined;
  /** Replaces the real ones in tests. */
  instruments?: Instruments;
  limits?: StepLimits;
  /** The folder that a user's commands run in, and the variables whose values are never shown. */
  cwd?: string;
  secrets?: readonly string[];
  signal: AbortSignal;
  listener: Listener;
  onProgress: (message: string) => void;
  /** Is given what writes steps of the runbook that people did into the evidence, for as long as the run is on. */
  takeTicks?: (record: (tick: Tick) => void) => void;
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
  const { instruments = realInstruments, cwd = process.cwd(), secrets = [] } = setup;
  const k6 = await instruments.findK6(setup.onProgress, setup.signal);
  const runId = newRunId(nowMs());
  const owner = { runId, runFolder: join(setup.reportsFolder, drill.name, runId) };
  // Before the lock: a lock without a journal then says that a journal was lost.
  await using journal = beginJournal({ ...owner, platform: setup.platform });
  const patience = { untilMs: setup.waitUntilMs, signal: setup.signal, say: setup.onProgress };
  await using lock = await whenFree(
    () => takeLock(lockPathOf(setup.platform), owner, (former) => cleanUpAfter(former, setup)),
    patience,
  );
  const lost = new AbortController();
  const onLost = (reason: Stopped) => lost.abort(reason);
  await using _shared = await whenFree(() => sharedLock(setup, runId, onLost), patience);
  await cleanUpLeftovers(setup);
  // Before the target's own lock, which may need rights that are lacking.
  const fault = pickedFault(drill.fault, plan);
  await refuseUnfit(setup, plan, fault);
  await using _cluster = await whenFree(async () => await lockTarget(setup, { journal, runId, onLost }), patience);

  const versions = {
    ...packageVersion(),
    k6: k6.version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    ...(await setup.target.versions?.(setup.signal)),
  };
  const folder = await makeRunFolder(setup.reportsFolder, drill.name, runId, (draft) =>
    beginRun(draft, { drill, plan, runId, versions, setup }),
  );
  using recorder = new Recorder(folder.evidence, setup.listener, (error) => lost.abort(error));
  using ticks = new TickFile(folder.evidence);
  setup.takeTicks?.(ticks.record);
  journal.copyTo(folder.journal);
  await using changes = new Changes(journal);
  const error = await caught(
    perform({
      ...setup,
      signal: AbortSignal.any([setup.signal, lost.signal]),
      instruments,
      cwd,
      secrets,
      drill,
      fault,
      plan,
      runId,
      k6,
      runFolder: folder.path,
      evidenceFolder: folder.evidence,
      emit: recorder.emit,
      willChange: changes.willChange,
      environmentOf: (platform) => describeEnvironment(plan, versions, platform),
    }),
  );
  const dirty = await undoPending(journal.path, setup.undoers(changes.tellLeft), {
    copy: folder.journal,
    whileAlive: true,
  });
  if (dirty.length > 0) lock.leaveDirty();
  const found = dirty.length === 0 && changes.wereMade ? await leftBehind(fault, setup, recorder.emit) : [];
  const left = [...changes.left, ...found];
  recorder.emit({ kind: 'run-finished', atMs: nowMs(), status: statusAfter(error), reason: error?.message ?? null });
  ticks[Symbol.dispose]();
  setup.onProgress('sealing and judging the evidence');
  await sealEvidence(folder.evidence);
  const judged = await judgeRun(folder.path, { withReports: true });
  return {
    judged,
    runFolder: folder.path,
    exitCode: exitCodeOf(judged.verdict, error, dirty.length + left.length > 0),
    error: dirtyError(dirty) ?? leftBehindError(left, fault) ?? error,
  };
}

/** Takes nothing where the target has no lock of its own. */
const lockTarget = async (
  setup: Setup,
  { journal, ...options }: { journal: Journal; runId: string; onLost: (reason: Stopped) => void },
): Promise<AsyncDisposable> =>
  (await setup.target.lock?.({
    ...options,
    willChange: (undo) => journal.willChange(undo),
    undoLeft: (details) => cleanUpElsewhere(details, setup, options.runId),
  })) ?? new AsyncDisposableStack();

/** Takes nothing where no other machine shares the platform. */
async function sharedLock(
  { sharedLockEnv, platform }: Setup,
  runId: string,
  onLost: (reason: Stopped) => void,
): Promise<AsyncDisposable> {
  if (sharedLockEnv === undefined) return new AsyncDisposableStack();
  const { takeSharedLock } = await import('../safety/shared-lock.ts');
  return await takeSharedLock({ env: sharedLockEnv, platform, runId, onLost });
}

/** Fills a run's folder, so that it has a verdict whatever happens to this process: crashed, until something better is known. */
async function beginRun(
  { path, evidence }: RunFolder,
  {
    drill,
    plan,
    runId,
    versions,
    setup,
  }: { drill: Drill; plan: Plan; runId: string; versions: Versions; setup: Setup },
): Promise<void> {
  await writeJson(join(path, 'drill.json'), drill);
  await writeJson(join(path, 'plan.json'), plan);
  const environment = await describeEnvironment(plan, versions);
  using recorder = new Recorder(evidence, setup.listener);
  recorder.emit({
    kind: 'run-started',
    atMs: nowMs(),
    drill: drill.name,
    runId,
    target: plan.target,
    profile: plan.profile.name,
    command: setup.command,
    environment,
  });
  await judgeRun(path);
}

type Versions = Record<string, string>;

/** @throws TenfoldError (invalid) with what keeps the platform from being used. */
async function refuseUnfit({ target, signal }: Setup, { without }: Plan, fault: PickedFault | null): Promise<void> {
  const rights = fault ? rightsOf(fault, target, without) : [];
  const problems = (await target.unfit?.(signal, { rights })) ?? [];
  if (problems.length > 0)
    throw invalid(problems, `nothing was started; ${target.guide ?? 'docs/ARCHITECTURE.md'} says what is needed`);
}

const caught = (work: Promise<void>): Promise<Error | null> => work.then(() => null, asError);

/** `await using` wraps an error that is followed by another in cleaning up: the first is the cause that people need. */
function asError(error: unknown): Error {
  if (error instanceof SuppressedError) return asError(error.suppressed);
  return error instanceof Error ? error : new Error(String(error));
}

function statusAfter(error: Error | null): RunStatus {
  if (error === null) return 'completed';
  return error instanceof Stopped ? error.status : 'crashed';
}

/** @throws TenfoldError (invalid) when nothing can be written down, so nothing may be changed. */
function beginJournal(owner: Pick<Owner, 'platform' | 'runId' | 'runFolder'>): Journal {
  const path = journalPathOf(owner.platform, owner.runId);
  try {
    return new Journal(path, { ...owner, pid: process.pid, host: hostname() });
  } catch (error) {
    throw invalid(
      `the journal of changes cannot be written: ${(error as Error).message}`,
      `nothing was started; make ${stateFolder()} a folder that can be written, or set XDG_STATE_HOME to one`,
    );
  }
}

/** Finishes what a drill that died left undone, before a new one may start. */
async function cleanUpAfter(former: LockHolder, { platform, undoers, onProgress }: Setup): Promise<void> {
  onProgress(`cleaning up after a drill that died: ${former.runFolder}`);
  await undoOf(platform, former, undoers(onProgress));
}

/** The same for drills whose lock is gone. */
async function cleanUpLeftovers({ platform, undoers, onProgress }: Setup): Promise<void> {
  sayCleanedUp(await undoLeftovers(platform, undoers(onProgress)), onProgress);
}

/** The same for drills that called the platform by another name. */
async function cleanUpElsewhere(
  details: Readonly<Record<string, string>>,
  { platform, undoers, onProgress }: Setup,
  runId: string,
): Promise<void> {
  sayCleanedUp(await cleanUpOthers(details, undoers(onProgress), { platform, runId }), onProgress);
}

function sayCleanedUp(runs: readonly string[], say: Setup['onProgress']): void {
  if (runs.length > 0) say(`cleaned up after drills that died: ${runs.join(', ')}`);
}
