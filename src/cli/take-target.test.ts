import { expect, test } from 'vitest';
import { takeTarget } from './take-target.ts';

test.each([
  [['up', '--json'], 'local', ['up', '--json']],
  [['up', '--target', 'kubernetes', '--cluster', 'k3s'], 'kubernetes', ['up', '--cluster', 'k3s']],
  [['--target=kubernetes', 'down'], 'kubernetes', ['down']],
  [['down', '--target', 'local'], 'local', ['down']],
  [['up', '--target'], '', ['up']],
])('%j is for the platform %s', (typed, target, rest) => {
  expect(takeTarget(typed)).toEqual({ target, rest });
});
