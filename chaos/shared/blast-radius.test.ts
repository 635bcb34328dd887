import { expect, test } from 'vitest';
import { outside, tooManyNodes } from './blast-radius.ts';
import { awsDuration } from './duration.ts';

test('half of the nodes may go, and no more', () => {
  expect(tooManyNodes('node-loss', 3, 6)).toEqual([]);
  expect(tooManyNodes('node-loss', 4, 6)).toEqual([
    expect.stringContaining('4 of 6 nodes, more than its blast radius'),
  ]);
  expect(tooManyNodes('node-loss', 1, 1)).toHaveLength(1);
});

test('a target that resolves to nothing, or to more than was aimed at, is a problem by its name', () => {
  const blastRadius = { nodes: { atLeast: 2, atMost: 2 }, subnets: { atLeast: 1, atMost: 5 } };
  expect(outside(blastRadius, { nodes: 2, subnets: 1 })).toEqual([]);
  expect(outside(blastRadius, { nodes: 6 })).toEqual([
    'FIS resolves nodes to 6 resources, more than the blast radius of 2',
    'FIS resolves subnets to no resources, of 1 at the least',
  ]);
});

test('durations are read as AWS writes them', () => {
  expect(['PT8M', 'PT1H30M', 'PT45S'].map((iso) => awsDuration(iso).platformMs)).toEqual([480_000, 5_400_000, 45_000]);
  for (const wrong of ['8M', 'PT', '40 s']) expect(() => awsDuration(wrong)).toThrow('is not a duration such as PT8M');
});
