import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleThatFits } from './scale.ts';

const divisorOn = (costMs: number, cores = 2) => scaleThatFits(costMs, cores, 10).divisor;

describe('the scale that fits a host', () => {
  it('is a tenth where there is CPU to spare, and less on a slower one', () => {
    expect([0.2, 0.3, 0.4, 0.5, 0.8].map((costMs) => divisorOn(costMs))).toEqual([10, 15, 30, 60, 60]);
    expect(divisorOn(0.8, 8)).toBe(10);
  });

  it('never is more on a slower host, and the smallest where none fits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (ms, slower) => {
          expect(divisorOn(ms * slower)).toBeGreaterThanOrEqual(divisorOn(ms));
        },
      ),
    );
    expect(divisorOn(5)).toBe(60);
  });

  it('says why', () => {
    expect(scaleThatFits(0.4, 2, 10).because).toBe(
      'an HTTP exchange through an edge takes this host 0.40 ms of CPU time, so the traffic takes about 58 % of its 2 cores at peak',
    );
  });
});
