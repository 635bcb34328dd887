import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DrillResult } from '../drill/run-drill.ts';
import { type Matrix, type MatrixCell, matrixSchema } from '../model/matrix.ts';
import { type Verdict, verdictSchema } from '../model/verdict.ts';
import { type KnownCell, makeMatrix } from '../prove/make-matrix.ts';
import { continueCell, type Question } from '../prove/resume.ts';
import { writeMatrixReports } from '../report/matrix/write-matrix-reports.ts';
import { nowMs } from '../runtime/clock.ts';
import { readJson, writeJson } from '../runtime/files.ts';
import { type Ending, type SharedSetup, type Turn, takeTurns, type Watcher } from './take-turns.ts';

const fileName = 'prove.json';

/** Where a matrix keeps the runs of its cells, below its own folder. */
export const runsFolder = (matrixFolder: string): string => join(matrixFolder, 'runs');

/** All matrices below the reports; what is not one, or is of another version, is passed over. */
export async function storedMatrices(reports: string): Promise<Matrix[]> {
  const folder = join(reports, 'prove');
  const ids = await readdir(folder).catch(() => []);
  const found = await Promise.all(ids.map((id) => readJson(join(folder, id, fileName)).catch(() => undefined)));
  return found.flatMap((json, index) => {
    const parsed = matrixSchema.safeParse(json);
    return parsed.success && parsed.data.id === ids[index] ? [parsed.data] : [];
  });
}

/** What a cell starts with: the verdict of its former run where that still stands for it, nothing else. */
export async function knownCell(
  matrixFolder: string,
  cell: Omit<KnownCell, 'run' | 'earlier'>,
  former: Matrix | undefined,
  options: { retry: boolean },
): Promise<KnownCell> {
  const { folder, earlier } = continueCell(cell, former, options);
  const verdict = folder === null ? undefined : await storedVerdict(join(matrixFolder, folder));
  return { ...cell, run: folder !== null && verdict ? { folder, verdict } : null, earlier };
}

async function storedVerdict(runFolder: string): Promise<Verdict | undefined> {
  const parsed = verdictSchema.safeParse(await readJson(join(runFolder, 'verdict.json')).catch(() => undefined));
  return parsed.data;
}

export interface MatrixJob {
  folder: string;
  frame: Question & Pick<Matrix, 'id' | 'command' | 'startedAt' | 'protections'>;
  cells: readonly KnownCell[];
  setup: SharedSetup;
  turnOf: (cell: KnownCell) => Turn;
  /** @param index from 0, of the cells; count: how many there are. */
  watch: (cell: KnownCell, index: number, count: number) => Watcher;
  /** @param cell null: the run was interrupted, so it says nothing about its cell */
  onJudged: (result: DrillResult, cell: MatrixCell | null) => void;
}

/** Runs the cells that have not run, and writes the matrix after each one, so that it can go on from there. */
export async function runMatrix(job: MatrixJob): Promise<{ matrix: Matrix; ending: Ending | undefined }> {
  const { folder, setup } = job;
  const cells = [...job.cells];
  const due = [...cells.keys()].filter((index) => cells[index]?.run === null);
  const cellAt = (turn: number): [KnownCell, number] => {
    const index = due[turn] as number;
    return [cells[index] as KnownCell, index];
  };
  const now = (status: Matrix['status'], ending?: Ending): Matrix => {
    const finishedAt = status === 'running' ? null : new Date(nowMs()).toISOString();
    return makeMatrix({ ...job.frame, status, stoppedBy: ending?.reason ?? null, finishedAt }, cells);
  };
  await writeJson(join(folder, fileName), now('running'));
  const ending = await takeTurns(
    due.map((_, turn) => job.turnOf(cellAt(turn)[0])),
    setup,
    (_, turn) => job.watch(...cellAt(turn), cells.length),
    async (result, turn) => {
      const { runFolder } = result;
      const { verdict } = result.judged;
      if (verdict.status === 'interrupted') return job.onJudged(result, null);
      const [cell, index] = cellAt(turn);
      cells[index] = { ...cell, run: { folder: relative(folder, runFolder), verdict } };
      const matrix = now('running');
      await writeJson(join(folder, fileName), matrix);
      job.onJudged(result, matrix.cells[index] as MatrixCell);
    },
  );
  const matrix = now(ending?.status ?? 'completed', ending);
  await writeJson(join(folder, fileName), matrix);
  await writeMatrixReports(folder, matrix);
  return { matrix, ending };
}
