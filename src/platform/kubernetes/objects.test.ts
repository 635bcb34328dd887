import { expect, test } from 'vitest';
import { bytes, capacityOf, cores, podIsReady } from './objects.ts';

test.each([
  ['0.1', 0.1],
  ['100m', 0.1],
  ['2', 2],
  ['250000000n', 0.25],
  ['1500u', 0.0015],
  ['much', null],
  [undefined, null],
])('a quantity of CPU of %s is %s cores', (quantity, expected) => {
  const found = cores(quantity);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(expected);
});

test.each([
  ['512Mi', 536_870_912],
  ['1G', 1e9],
  ['128974848', 128_974_848],
  ['0.5Gi', 536_870_912],
  ['100m', 0],
  ['much', null],
  ['1Zz', null],
  [undefined, null],
])('a quantity of memory of %s is %s bytes', (quantity, expected) => {
  expect(bytes(quantity)).toBe(expected);
});

test('a pod that is being taken away is not ready, whatever its probe says', () => {
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  expect(podIsReady({ metadata: {}, status })).toBe(true);
  expect(podIsReady({ metadata: { deletionTimestamp: new Date() }, status })).toBe(false);
});

test.each([
  [{ 'karpenter.sh/capacity-type': 'spot' }, 'spot'],
  [{ 'eks.amazonaws.com/capacityType': 'SPOT' }, 'spot'],
  [{ 'karpenter.sh/capacity-type': 'on-demand' }, 'on-demand'],
  [{}, 'on-demand'],
])('a node with %o is %s', (labels, expected) => {
  expect(capacityOf({ metadata: { labels } })).toBe(expected);
});
