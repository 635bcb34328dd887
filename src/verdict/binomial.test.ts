import cdf from '@stdlib/stats-base-dists-binomial-cdf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failLimit, minimumSamples, passLimit, samplesFor } from './binomial.ts';

describe('counting bad events', () => {
  it.each([
    [0.01, 1_000, 4, 16],
    [0.01, 10_000, 83, 118],
    [0.01, 100_000, 948, 1_053],
    [0.001, 1_000, null, 4],
    [0.001, 10_000, 4, 16],
    [0.001, 100_000, 83, 118],
  ])('a share of %d at %d events passes up to %s and fails from %d', (p, n, pass, fail) => {
    expect([passLimit(n, p), failLimit(n, p)]).toEqual([pass, fail]);
  });

  it.each([
    [0.01, 299],
    [0.001, 2_995],
  ])('a share of %d needs %d events to pass without a bad one', (p, n) => {
    expect(minimumSamples(p)).toBe(n);
    expect(passLimit(n, p)).toBe(0);
    expect(samplesFor(0, p)).toBe(n);
    expect(passLimit(n - 1, p)).toBeNull();
  });

  it('knows the fewest events that pass with some bad ones', () => {
    expect([1, 2, 3, 4].map((bad) => samplesFor(bad, 0.01))).toEqual([473, 628, 773, 913]);
    for (const bad of [83, 948]) {
      expect(passLimit(samplesFor(bad, 0.01), 0.01)).toBe(bad);
      expect(passLimit(samplesFor(bad, 0.01) - 1, 0.01)).toBe(bad - 1);
    }
  });

  it('is exact on both sides of each limit', () => {
    const share = fc.constantFrom(0.01, 0.001, 0.05);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), share, (n, p) => {
        const pass = passLimit(n, p);
        if (pass !== null) expect(cdf(pass, n, p)).toBeLessThanOrEqual(0.05);
        expect(cdf((pass ?? -1) + 1, n, p)).toBeGreaterThan(0.05);
        const fail = failLimit(n, p);
        expect(1 - cdf(fail - 1, n, p)).toBeLessThanOrEqual(0.05 + 1e-12);
        expect(1 - cdf(fail - 2, n, p)).toBeGreaterThan(0.05 - 1e-12);
      }),
    );
  });

  it('agrees with the plain sum of the distribution', () => {
    for (let n = 1; n <= 1_500; n += 7) {
      let term = Math.exp(n * Math.log1p(-0.01));
      let sum = term;
      let below = -1;
      for (let k = 0; sum <= 0.05; k += 1) {
        below = k;
        term *= ((n - k) / (k + 1)) * (0.01 / 0.99);
        sum += term;
      }
      expect(passLimit(n, 0.01) ?? -1).toBe(below);
    }
  });
});
