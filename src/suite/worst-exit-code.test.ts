import { expect, test } from 'vitest';
import { exitCodes } from '../model/exit-codes.ts';
import { worstExitCode } from './worst-exit-code.ts';

const { pass, fail, inconclusive, dirty, bug } = exitCodes;

test('fail before inconclusive before pass, and a dirty platform or a bug before all', () => {
  expect(worstExitCode([pass, pass])).toBe(pass);
  expect(worstExitCode([pass, inconclusive])).toBe(inconclusive);
  expect(worstExitCode([inconclusive, fail, pass])).toBe(fail);
  expect(worstExitCode([fail, bug, inconclusive])).toBe(bug);
  expect(worstExitCode([dirty, bug])).toBe(dirty);
});

test('nothing run is inconclusive', () => {
  expect(worstExitCode([])).toBe(inconclusive);
});
