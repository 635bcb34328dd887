import { expect, test } from 'vitest';
import { wallMsOf } from './span.ts';

test('a time by the wall clock is the same on every target', () => {
  expect(wallMsOf(30_000, 12)).toBe(30_000);
});

test("a time on a platform's clock passes as fast as the target's does, and what comes on top does not", () => {
  expect(wallMsOf({ platformMs: 240_000 }, 1)).toBe(240_000);
  expect(wallMsOf({ platformMs: 240_000, wallMs: 30_000 }, 12)).toBe(50_000);
});
