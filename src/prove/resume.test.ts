import { expect, test } from 'vitest';
import { matrixWith } from '../../tests/support/matrices.ts';
import { finding, verdictWith } from '../../tests/support/verdicts.ts';
import { continueCell, matrixToContinue } from './resume.ts';

const first = matrixWith({}, { id: 'first', status: 'interrupted', startedAt: '2026-11-27T09:00:00.000Z' });
const second = matrixWith({}, { id: 'second', status: 'running', startedAt: '2026-11-27T10:00:00.000Z' });
const done = matrixWith({}, { id: 'done', status: 'completed', startedAt: '2026-11-27T11:00:00.000Z' });
const goOn = { retry: false };

test('the newest matrix goes on, unless it came to its end', () => {
  expect(matrixToContinue([second, first], first, goOn)?.id).toBe('second');
  expect(matrixToContinue([second, first, done], first, goOn)).toBeUndefined();
  expect(matrixToContinue([second, first, done], first, { retry: true })?.id).toBe('done');
  expect(matrixToContinue([], first, goOn)).toBeUndefined();
});

test('a matrix of another question does not', () => {
  expect(matrixToContinue([first], { ...first, profile: 'nightly' }, goOn)).toBeUndefined();
  expect(
    matrixToContinue([first], { ...first, scope: { drill: 'az-outage', protections: null } }, goOn),
  ).toBeUndefined();
});

const cell = { drill: 'aurora-failover', without: 'quorum-commit', fingerprint: 'of quorum-commit' };

test('a cell is taken over when its run depended on the same things', () => {
  expect(continueCell(cell, first, goOn)).toEqual({ folder: 'runs/aurora-failover/2', earlier: [] });
  expect(continueCell({ ...cell, fingerprint: 'other' }, first, goOn)).toEqual({ folder: null, earlier: [] });
  expect(continueCell({ ...cell, without: 'timeouts' }, first, goOn)).toEqual({ folder: null, earlier: [] });
  expect(continueCell(cell, undefined, goOn)).toEqual({ folder: null, earlier: [] });
});

test('a run that did not complete, or never was, runs again', () => {
  const crashed = matrixWith({ quorum: verdictWith([finding('run', 'inconclusive')], { status: 'crashed' }) });
  expect(continueCell(cell, crashed, goOn).folder).toBeNull();
  expect(continueCell(cell, matrixWith({ quorum: null }), goOn).folder).toBeNull();
});

test('what was inconclusive runs again only on request, and its former run is remembered', () => {
  const open = matrixWith({ quorum: verdictWith([finding('orders.lost', 'inconclusive')]) });
  expect(continueCell(cell, open, goOn).folder).toBe('runs/aurora-failover/2');
  expect(continueCell(cell, open, { retry: true })).toEqual({ folder: null, earlier: ['runs/aurora-failover/2'] });
  expect(continueCell(cell, first, { retry: true }).folder).toBe('runs/aurora-failover/2');
});
