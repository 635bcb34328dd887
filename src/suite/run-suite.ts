import { join, relative } from 'node:path';
import type { DrillResult } from '../drill/run-drill.ts';
import type { ExitCode } from '../model/exit-codes.ts';
import type { Suite, SuiteRun } from '../model/suite.ts';
import { worst } from '../model/verdict.ts';
import { headline } from '../report/headline.ts';
import type { ReportInput } from '../report/report-input.ts';
import { writeSuiteReports } from '../report/suite/write-suite-reports.ts';
import { nowMs } from '../runtime/clock.ts';
import { writeJson } from '../runtime/files.ts';
import { type Ending, type SharedSetup, type Turn, takeTurns, type Watcher } from './take-turns.ts';
import { worstExitCode } from './worst-exit-code.ts';

export interface SuiteJob {
  folder: string;
  frame: Pick<Suite, 'id' | 'target' | 'profile' | 'command' | 'startedAt' | 'leftOut'>;
  turns: readonly Turn[];
  setup: SharedSetup;
  watch: (turn: Turn, index: number) => Watcher;
  onJudged: (result: DrillResult) => void;
}

export interface SuiteResult {
  suite: Suite;
  ending: Ending | undefined;
  exitCode: ExitCode;
}

/** Runs all drills in a row, and writes what is known after each one. */
export async function runSuite({ folder, frame, turns, setup, watch, onJudged }: SuiteJob): Promise<SuiteResult> {
  const runs: SuiteRun[] = [];
  const judged: ReportInput[] = [];
  const write = async (status: Suite['status'], ending?: Ending): Promise<Suite> => {
    const finishedAt = status === 'running' ? null : new Date(nowMs()).toISOString();
    const left = turns.slice(runs.length).map(({ drill }) => drill.name);
    const outcome = worst([...runs.map((run) => run.outcome), ...left.map(() => 'inconclusive' as const)]);
    const state = { status, stoppedBy: ending?.reason ?? null, outcome };
    const suite: Suite = { schemaVersion: 1, ...frame, ...state, finishedAt, runs, left };
    await writeJson(join(folder, 'all.json'), suite);
    return suite;
  };
  await write('running');
  const ending = await takeTurns(turns, setup, watch, async (result) => {
    runs.push(rowOf(folder, result));
    judged.push(result.judged);
    onJudged(result);
    await write('running');
  });
  const suite = await write(ending?.status ?? 'completed', ending);
  await writeSuiteReports(folder, suite, judged);
  const exitCode = ending?.exitCode ?? worstExitCode(runs.map((run) => run.exitCode as ExitCode));
  return { suite, ending, exitCode };
}

function rowOf(folder: string, { judged, runFolder, exitCode }: DrillResult): SuiteRun {
  const { drill, runId, status, outcome, startedAt, finishedAt, command } = judged.verdict;
  return {
    drill,
    title: judged.plan.title,
    runId,
    status,
    outcome,
    headline: headline(judged),
    exitCode,
    startedAt,
    finishedAt,
    folder: relative(folder, runFolder),
    command,
  };
}
