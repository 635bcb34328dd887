import { expect, test } from 'vitest';
import { cannotTell, invalid, Stopped } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import { exitCodeOf } from './exit-code-of.ts';

const k6Died = cannotTell('k6 ended with exit code 137');

test.each(['pass', 'fail', 'inconclusive'] as const)(
  'a drill that came to its end ends as its verdict: %s',
  (outcome) => {
    expect(exitCodeOf({ outcome }, null, false)).toBe(exitCodes[outcome]);
  },
);

test('a broken promise is one, whatever happened to the drill afterwards', () => {
  for (const error of [k6Died, new TypeError('a bug'), invalid('no fault')])
    expect(exitCodeOf({ outcome: 'fail' }, error, false)).toBe(exitCodes.fail);
});

test('without one, what kept the drill from its end is told', () => {
  expect(exitCodeOf({ outcome: 'inconclusive' }, k6Died, false)).toBe(exitCodes.inconclusive);
  expect(exitCodeOf({ outcome: 'inconclusive' }, invalid('no fault'), false)).toBe(exitCodes.invalid);
  expect(exitCodeOf({ outcome: 'inconclusive' }, new TypeError('a bug'), false)).toBe(exitCodes.bug);
  expect(exitCodeOf({ outcome: 'pass' }, new TypeError('a bug'), false)).toBe(exitCodes.bug);
});

test('what the system refuses in mid-run is no bug, and leaves something unknown', () => {
  const noDescriptor = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE', syscall: 'open' });
  expect(exitCodeOf({ outcome: 'inconclusive' }, noDescriptor, false)).toBe(exitCodes.inconclusive);
});

test('who ended it, and what has to be cleaned up, come first', () => {
  const stopped = new Stopped('interrupted', 'interrupted by SIGINT');
  expect(exitCodeOf({ outcome: 'fail' }, stopped, false)).toBe(exitCodes.stopped);
  expect(exitCodeOf({ outcome: 'fail' }, stopped, true)).toBe(exitCodes.dirty);
});
