import type { CellState, Matrix, MatrixCell } from '../../model/matrix.ts';
import { capitalised, plural } from '../format.ts';

export const stateWords: Record<CellState, string> = {
  clean: 'clean',
  caught: 'caught',
  missed: 'missed',
  'false-alarm': 'false alarm',
  inconclusive: 'inconclusive',
  'not-run': 'not run',
};

/** A sign beside the word, so that colour is never the only one. */
export const stateSigns: Record<CellState, string> = {
  clean: '✓',
  caught: '✓',
  missed: '✗',
  'false-alarm': '✗',
  inconclusive: '?',
  'not-run': '·',
};

/** What each state means, for those who meet it for the first time. */
export const stateMeanings: Record<CellState, string> = {
  clean: 'the whole platform passed',
  caught: 'without the protection, the finding that guards it failed',
  missed: 'without the protection, that finding still passed: a hole in the drill',
  'false-alarm': 'the drill failed on the whole platform',
  inconclusive: 'the run could not tell',
  'not-run': 'it has not run yet',
};

/** A cell's platform in words. */
export const platformOf = ({ without }: Pick<MatrixCell, 'without'>): string =>
  without === null ? 'the whole platform' : `without ${without}`;

/** The cells of each drill, in the matrix's order. */
export function byDrill(matrix: Matrix): { drill: string; title: string; cells: MatrixCell[] }[] {
  const drills = [...new Set(matrix.cells.map(({ drill }) => drill))];
  return drills.map((drill) => {
    const cells = matrix.cells.filter((cell) => cell.drill === drill);
    return { drill, title: cells[0]?.title ?? drill, cells };
  });
}

/** The matrix in a sentence or two: how many are caught, how many drills cry wolf, and what is open. */
export function matrixHeadline(matrix: Matrix): string {
  const guarded = matrix.cells.filter(({ without }) => without !== null);
  const whole = matrix.cells.filter(({ without }) => without === null);
  const caught = guarded.filter(({ state }) => state === 'caught').length;
  const clean = whole.filter(({ state }) => state === 'clean').length;
  const sentences = [
    guarded.length > 0
      ? `${caught} of ${plural(guarded.length, 'protection')} caught.`
      : 'No protection was taken away.',
    `${clean} of ${plural(whole.length, 'drill')} clean on the whole platform.`,
    ...openStates.flatMap((state) => {
      const cells = matrix.cells.filter((cell) => cell.state === state);
      return cells.length === 0 ? [] : [`${capitalised(stateWords[state])}: ${cells.map(cellName).join(', ')}.`];
    }),
  ];
  const ended = matrix.stoppedBy === null ? [] : [`It stopped early: ${matrix.stoppedBy.replace(/\.$/, '')}.`];
  return [...ended, ...sentences].join(' ');
}

/** States that leave something to do, worst first. */
const openStates = ['missed', 'false-alarm', 'inconclusive', 'not-run'] as const;

const cellName = (cell: MatrixCell): string =>
  cell.without === null ? `${cell.drill} on the whole platform` : `${cell.drill} without ${cell.without}`;
