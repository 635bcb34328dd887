import { type CellRun, type Matrix, type MatrixCell, outcomeOfState } from '../model/matrix.ts';
import { type Verdict, worst } from '../model/verdict.ts';
import { type Cell, nameOf } from './cells.ts';
import { judgeCell } from './judge-cell.ts';

/** A cell and what is known of it. */
export interface KnownCell extends Cell {
  title: string;
  fingerprint: string;
  /** The run's folder, relative to the matrix's, and its verdict; null while it has not ended. */
  run: { folder: string; verdict: Verdict } | null;
  earlier: string[];
}

type Frame = Omit<Matrix, 'schemaVersion' | 'outcome' | 'environment' | 'cells'>;

/** Judges all cells together. The same runs give the same matrix, whenever they ran. */
export function makeMatrix(frame: Frame, known: readonly KnownCell[]): Matrix {
  const cells = known.map((cell) => judged(cell, known));
  return {
    schemaVersion: 1,
    ...frame,
    outcome: worst(cells.map(({ state }) => outcomeOfState[state])),
    environment: newest(known)?.environment ?? null,
    cells,
  };
}

function judged({ run, title, ...cell }: KnownCell, known: readonly KnownCell[]): MatrixCell {
  const { drill, without, finding, fingerprint, earlier } = cell;
  const whole = known.find((other) => other.drill === drill && other.without === null)?.run?.verdict;
  const said =
    run === null
      ? { state: 'not-run' as const, reason: `${nameOf(cell)} has not run.` }
      : judgeCell(cell, run.verdict, whole);
  return { drill, title, without, finding, ...said, fingerprint, run: run && rowOf(run), earlier };
}

function rowOf({ folder, verdict }: { folder: string; verdict: Verdict }): CellRun {
  const { runId, status, outcome, startedAt, finishedAt } = verdict;
  return { folder, runId, status, outcome, startedAt, finishedAt, fingerprint: verdict.environment.fingerprint };
}

const newest = (known: readonly KnownCell[]): Verdict | undefined =>
  known
    .flatMap(({ run }) => (run === null ? [] : [run.verdict]))
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    .at(-1);
