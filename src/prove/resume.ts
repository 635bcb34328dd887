import type { Matrix } from '../model/matrix.ts';

/** What a matrix is asked for. */
export type Question = Pick<Matrix, 'target' | 'profile' | 'scope'>;

/** A cell as a matrix continues with it. */
export interface Continued {
  /** The folder of the run that stands for it; null: it has to run. */
  folder: string | null;
  earlier: string[];
}

/**
 * The matrix to go on with: the newest one of the same question, unless it came to its end.
 * @param retry one that came to its end too, to run again what was inconclusive.
 */
export function matrixToContinue(
  all: readonly Matrix[],
  question: Question,
  { retry }: { retry: boolean },
): Matrix | undefined {
  const asked = ({ target, profile, scope }: Question) =>
    JSON.stringify([target, profile, scope.drill, scope.protections]);
  const newest = all
    .filter((matrix) => asked(matrix) === asked(question))
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    .at(-1);
  return retry || newest?.status !== 'completed' ? newest : undefined;
}

/** Takes a cell over from a former matrix when its run completed and depended on the same things. */
export function continueCell(
  cell: { drill: string; without: string | null; fingerprint: string },
  former: Matrix | undefined,
  { retry }: { retry: boolean },
): Continued {
  const known = former?.cells.find(
    ({ drill, without, fingerprint }) =>
      drill === cell.drill && without === cell.without && fingerprint === cell.fingerprint,
  );
  if (known === undefined) return { folder: null, earlier: [] };
  const { run, state, earlier } = known;
  if (run?.status !== 'completed') return { folder: null, earlier };
  if (retry && state === 'inconclusive') return { folder: null, earlier: [...earlier, run.folder] };
  return { folder: run.folder, earlier };
}
