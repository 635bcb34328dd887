import fc from 'fast-check';
import { expect, test } from 'vitest';
import { midRanks } from './mid-ranks.ts';
import { leastRankTestP, median, rankTest } from './rank-test.ts';
import { clusteringP } from './runs-test.ts';

const infinity = Number.POSITIVE_INFINITY;
const values = (max: number) =>
  fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(infinity)), { minLength: 1, maxLength: max });

/** All ways to choose so many of them. */
function subsets<T>(all: readonly T[], size: number): T[][] {
  const [first, ...rest] = all;
  if (size === 0) return [[]];
  if (first === undefined) return [];
  return [...subsets(rest, size - 1).map((one) => [first, ...one]), ...subsets(rest, size)];
}

test('ranks of ties are the mean of theirs', () => {
  expect(midRanks([3, infinity, 1, 3, infinity])).toEqual([2.5, 4.5, 1, 2.5, 4.5]);
});

/** Hollander & Wolfe, "Nonparametric Statistical Methods", and `wilcox.test` in R: permeability of membranes, two-sided. */
test('p is that of published examples', () => {
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const earlier = [1.15, 0.88, 0.9, 0.74, 1.21];
  expect(rankTest(term, earlier)).toBeCloseTo(0.2544, 4);
  expect(rankTest([1, 2, 3], [4, 5, 6])).toBeCloseTo(0.1, 10);
});

test('p is that of counting every way to deal the values, ties or not', () => {
  fc.assert(
    fc.property(values(5), values(5), (a, b) => {
      const ranks = midRanks([...a, ...b]);
      const sum = (of: number[]): number => of.reduce((total, one) => total + one, 0);
      const away = (of: number[]): number => Math.abs(sum(of) - (a.length * (ranks.length + 1)) / 2);
      const all = subsets(ranks, a.length);
      const expected = all.filter((one) => away(one) >= away(ranks.slice(0, a.length)) - 1e-9).length / all.length;
      expect(rankTest(a, b)).toBeCloseTo(expected, 10);
    }),
  );
});

test('order does not matter, nor which sample comes first', () => {
  fc.assert(
    fc.property(values(12), values(12), (a, b) => {
      const p = rankTest(a, b);
      expect(
        rankTest(
          a.toReversed(),
          b.toSorted((x, y) => x - y || 0),
        ),
      ).toBeCloseTo(p, 10);
      expect(rankTest(b, a)).toBeCloseTo(p, 10);
    }),
  );
});

test('among values that all differ, nothing is more certain than samples apart', () => {
  const distinct = fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 24 });
  fc.assert(
    fc.property(distinct, fc.nat(), (all, at) => {
      const size = 1 + (at % (all.length - 1));
      const least = leastRankTestP(size, all.length - size);
      expect(rankTest(all.slice(0, size), all.slice(size))).toBeGreaterThanOrEqual(least - 1e-12);
      const sorted = all.toSorted((a, b) => a - b);
      expect(rankTest(sorted.slice(0, size), sorted.slice(size))).toBeCloseTo(least, 10);
    }),
  );
});

test('a median may be worse than any', () => {
  expect(median([infinity, 1, 2])).toBe(2);
  expect(median([infinity, 1])).toBe(infinity);
  expect(median([infinity, infinity, 1])).toBe(infinity);
});

test('the runs test counts every order', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 9 }), (sequence) => {
      const stretches = (of: readonly boolean[]): number =>
        1 + of.filter((one, at) => at > 0 && one !== of[at - 1]).length;
      const places = sequence.map((_, at) => at);
      const orders = subsets(places, sequence.filter(Boolean).length).map((on) => places.map((at) => on.includes(at)));
      const asFew = orders.filter((order) => stretches(order) <= stretches(sequence)).length;
      expect(clusteringP(sequence)).toBeCloseTo(asFew / orders.length, 10);
    }),
  );
});
