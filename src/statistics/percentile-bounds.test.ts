import fc from 'fast-check';
import { expect, it } from 'vitest';
import { percentileBounds } from './percentile-bounds.ts';
import { shareBounds } from './share.ts';

const error = 0.05;
const allowed = 0.01;

const calls = fc.array(fc.record({ wall: fc.integer({ min: 1, max: 50 }), second: fc.integer({ min: 0, max: 20 }) }), {
  minLength: 1,
  maxLength: 1_500,
});

it('bounds of a p99 agree with the judgement at any limit', () => {
  fc.assert(
    fc.property(calls, fc.integer({ min: 0, max: 51 }), (all, limit) => {
      const slowest = all.toSorted((a, b) => b.wall - a.wall);
      const phase = { count: all.length, seconds: 21 };
      const { low, high } = percentileBounds(
        { walls: slowest.map(({ wall }) => wall), seconds: slowest.map(({ second }) => second) },
        phase,
        allowed,
        error,
      );
      const bad = Map.groupBy(
        all.filter(({ wall }) => wall > limit),
        ({ second }) => second,
      );
      const judged = shareBounds({ ...phase, badBySecond: [...bad.values()].map(({ length }) => length) }, error);
      expect(judged.high < allowed).toBe(high !== null && high <= limit);
      expect(judged.low > allowed).toBe(low !== null && low > limit);
    }),
    { numRuns: 300 },
  );
});
