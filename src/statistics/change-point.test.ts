import { expect, test } from 'vitest';
import { normals as normalsOf } from '../../tests/support/runs/history-runs.ts';
import { changePoint, leastToShowAChange } from './change-point.ts';

const normals = (seed: number): (() => number) => {
  const next = normalsOf(seed);
  return () => next(0, 1);
};

const sequence = <T>(length: number, value: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => value(index));

test('a clear step is found where it is, and a straight line or too few values are none', () => {
  const step = changePoint(sequence(24, (i) => (i < 15 ? 10 : 20) + (i % 3)));
  expect(step?.index).toBe(15);
  expect(step?.p).toBeLessThan(0.001);
  expect(changePoint(sequence(24, () => 7))).toBeNull();
  expect(changePoint([1, 1, 9, 9])).toBeNull();
});

test('a change to what is worse than any value is found, too', () => {
  const step = changePoint(sequence(24, (i) => (i < 12 ? i % 4 : Number.POSITIVE_INFINITY)));
  expect(step).toMatchObject({ index: 12 });
  expect(step?.p).toBeLessThan(0.001);
});

test('the same values in the same order give the same p, and only their ranks matter', () => {
  const next = normals(5);
  const values = sequence(40, (i) => next() + (i < 20 ? 0 : 0.7));
  expect(changePoint(values)).toEqual(changePoint(values));
  expect(changePoint(values.map((value) => Math.exp(value)))).toEqual(changePoint(values));
});

/** 800 sequences: were the true rate 5 %, more than 57 or fewer than 24 alarms would come once in a thousand times. */
test.each([
  ['values all of one kind', (next: () => number) => next()],
  ['many ties', (next: () => number) => Math.round(next())],
  ['a few that are worse than any', (next: () => number) => (next() > 1 ? Number.POSITIVE_INFINITY : next())],
  ['rare outliers', (next: () => number) => (next() > 2 ? 1_000 : 1) * next()],
])('without a change, p is below 5 %% at most in 5 %% of all sequences: %s', (_, draw) => {
  const next = normals(11);
  const alarms = sequence(800, () => changePoint(sequence(30, () => draw(next)))?.p ?? 1).filter((p) => p <= 0.05);
  expect(alarms.length).toBeLessThanOrEqual(57);
  expect(alarms.length).toBeGreaterThanOrEqual(10);
});

/** The power that docs/HISTORY.md states, at the level that is left after Holm's correction for 20 tests. */
test('a shift by three standard deviations is found in ten runs before and ten after it nine times in ten', () => {
  const next = normals(23);
  const found = sequence(300, () => changePoint(sequence(20, (i) => next() + (i < 10 ? 0 : 3)))).filter(
    (change) => change !== null && change.p <= 0.05 / 20 && Math.abs(change.index - 10) <= 1,
  );
  expect(found.length / 300).toBeGreaterThanOrEqual(0.9);
});

test('so few values as are said to be too few can show no change, and one more can', () => {
  for (const p of [0.05, 0.005, 0.001]) {
    const enough = leastToShowAChange(p);
    const step = (length: number) => changePoint(sequence(length, (i) => (i < Math.floor(length / 2) ? i : 1_000 + i)));
    expect(step(enough - 1)?.p ?? 1).toBeGreaterThan(p);
    expect(step(enough + 1)?.p ?? 1).toBeLessThanOrEqual(p);
  }
});
