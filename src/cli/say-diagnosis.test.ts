import { expect, test } from 'vitest';
import type { Diagnosis } from '../doctor/examine.ts';
import { diagnosisLines } from './say-diagnosis.ts';

const diagnosis: Diagnosis = {
  schemaVersion: 1,
  counts: { problem: 1, warning: 0, unknown: 0, ok: 1 },
  checks: [
    { id: 'runtime', title: 'Node', answers: [{ outcome: 'ok', message: 'Node 24' }] },
    {
      id: 'shop',
      title: 'The shop',
      answers: [{ outcome: 'problem', message: 'cannot be used:\nTOKEN \u001b[2Kis not set', remedy: 'set it' }],
    },
  ],
};

test('a line for each answer, its remedy below it, the counts last, and nothing that moves the cursor', () => {
  expect(diagnosisLines(diagnosis, { colour: false })).toEqual([
    '  + Node      Node 24',
    '  x The shop  cannot be used:',
    '              TOKEN  [2Kis not set',
    '              what to do: set it',
    '',
    '1 problem, 0 warnings, 0 unknown, 1 ok',
  ]);
});

test('colours where they are seen', () => {
  expect(diagnosisLines(diagnosis, { colour: true })[0]).toContain('\u001b[32m+');
});
