import type { Matrix, MatrixCell } from '../../model/matrix.ts';
import { clean } from '../clean.ts';
import { type Element, identifier, junitDocument, propertiesOf, seconds } from '../junit-document.ts';
import { byDrill, platformOf, stateWords } from './words.ts';

/** JUnit XML: a suite a drill, a case a platform. Missed and false alarms are failures, inconclusive is an error. */
export function matrixJunit(matrix: Matrix): string {
  return junitDocument(byDrill(matrix).map(({ drill, cells }, id) => suite(matrix, drill, cells, id)));
}

function suite(matrix: Matrix, drill: string, cells: MatrixCell[], id: number): Element {
  const count = (...states: MatrixCell['state'][]): number =>
    cells.filter(({ state }) => states.includes(state)).length;
  return {
    '@name': clean(drill),
    '@id': id,
    '@package': 'tenfold.prove',
    '@hostname': identifier(matrix.target),
    '@timestamp': matrix.startedAt.slice(0, 19),
    '@tests': cells.length,
    '@failures': count('missed', 'false-alarm'),
    '@errors': count('inconclusive'),
    '@skipped': count('not-run'),
    '@time': seconds(cells.reduce((sum, cell) => sum + durationMs(cell), 0)),
    properties: { property: propertiesOf({ id: matrix.id, profile: matrix.profile, command: matrix.command }) },
    testcase: cells.map((cell) => testCase(drill, cell)),
    'system-out': '',
    'system-err': '',
  };
}

function testCase(drill: string, cell: MatrixCell): Element {
  const must = cell.finding === null ? 'does not fail' : `fails by ${cell.finding}`;
  const details = { '@type': stateWords[cell.state], '@message': clean(cell.reason), '#text': clean(cell.reason) };
  return {
    '@name': clean(`on ${platformOf(cell)} it ${must}`.replace('on without', 'without')),
    '@classname': `tenfold.prove.${identifier(drill)}`,
    '@time': seconds(durationMs(cell)),
    ...((cell.state === 'missed' || cell.state === 'false-alarm') && { failure: details }),
    ...(cell.state === 'inconclusive' && { error: details }),
    ...(cell.state === 'not-run' && { skipped: '' }),
  };
}

const durationMs = ({ run }: MatrixCell): number =>
  run?.finishedAt == null ? 0 : Date.parse(run.finishedAt) - Date.parse(run.startedAt);
