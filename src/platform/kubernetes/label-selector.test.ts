import { expect, test } from 'vitest';
import { selects } from './label-selector.ts';

const labels = { app: 'web', tier: 'front' };

test.each([
  ['an empty one', {}, true],
  ['labels that are there', { matchLabels: { app: 'web' } }, true],
  ['labels that are not', { matchLabels: { app: 'web', zone: 'a' } }, false],
  ['one of several values', { matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }, true],
  ['none of several values', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [
    'no such value of a label that is not there',
    { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] },
    true,
  ],
  ['a label that is there', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
  ['a label that is not', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  ['what nobody knows', { matchExpressions: [{ key: 'app', operator: 'Near', values: ['web'] }] }, false],
])('%s: %j is told', (_, selector, expected) => {
  expect(selects(selector, labels)).toBe(expected);
});
