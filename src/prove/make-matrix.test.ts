import { expect, test } from 'vitest';
import { matrixWith, wholeRun } from '../../tests/support/matrices.ts';
import { finding, verdictWith } from '../../tests/support/verdicts.ts';
import { matrixSchema } from '../model/matrix.ts';

test('a matrix in which all is caught and all is clean passes', () => {
  const matrix = matrixWith();
  expect(matrixSchema.parse(matrix)).toEqual(matrix);
  expect(matrix.cells.map(({ state }) => state)).toEqual(['clean', 'caught']);
  expect(matrix.outcome).toBe('pass');
});

test('a cell that has not run leaves it inconclusive, a miss makes it fail', () => {
  expect(matrixWith({ quorum: null }).outcome).toBe('inconclusive');
  expect(matrixWith({ quorum: null }).cells[1]).toMatchObject({ state: 'not-run', run: null });
  expect(matrixWith({ quorum: verdictWith([finding('orders.lost', 'pass')]) }).outcome).toBe('fail');
});

test('a cell is judged anew once the whole platform has run', () => {
  const failing = verdictWith([finding('orders.lost', 'fail')]);
  expect(matrixWith({ whole: null }).cells[1]?.state).toBe('caught');
  expect(matrixWith({ whole: failing }).cells.map(({ state }) => state)).toEqual(['false-alarm', 'inconclusive']);
});

test('its environment is that of the newest run', () => {
  const later = verdictWith([finding('orders.lost', 'fail')], {
    startedAt: '2027-01-01T00:00:00.000Z',
    environment: { ...wholeRun.environment, commit: 'later' },
  });
  expect(matrixWith({ quorum: later }).environment?.commit).toBe('later');
});
