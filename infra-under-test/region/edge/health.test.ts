import { expect, test } from 'vitest';
import { afterCheck, unchecked } from './health.ts';

/** States after each check: `+` passes, `-` fails. */
function statesAfter(checks: string): string[] {
  let health = unchecked;
  return [...checks].map((check) => {
    health = afterCheck(health, check === '+');
    return health.state;
  });
}

test('the first passing check admits a new target, also one that failed before', () => {
  expect(statesAfter('+')).toEqual(['healthy']);
  expect(statesAfter('-+')).toEqual(['initial', 'healthy']);
  expect(statesAfter('---+')).toEqual(['initial', 'unhealthy', 'unhealthy', 'healthy']);
});

test('two failures in a row make a target unhealthy', () => {
  expect(statesAfter('+-+--').slice(1)).toEqual(['healthy', 'healthy', 'healthy', 'unhealthy']);
});

test('a target that was healthy before comes back after five passes in a row', () => {
  expect(statesAfter('+--++++').at(-1)).toBe('unhealthy');
  expect(statesAfter('+--++++-+++++').slice(-2)).toEqual(['unhealthy', 'healthy']);
  expect(statesAfter('+--+++++').at(-1)).toBe('healthy');
});
