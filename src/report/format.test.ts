import { expect, test } from 'vitest';
import { formatMs, formatObjective, formatRate, formatRatio, notMeasured, orNotMeasured } from './format.ts';

test.each([
  [0.4249, '0.42 ms'],
  [86.44, '86.4 ms'],
  [100, '100 ms'],
  [999.96, '1.00 s'],
  [6418, '6.42 s'],
  [30_000, '30 s'],
  [119_990, '119.99 s'],
  [132_400, '2 min 12 s'],
  [300_000, '5 min'],
])('%d ms reads %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test('shares and rates keep the digits that decide', () => {
  expect(formatRatio(0.00031)).toBe('0.031 %');
  expect(formatObjective(0.9995)).toBe('99.95 %');
  expect(formatRate(6397.26)).toBe('6,397.3/s');
});

test('what was not measured is said so, and never a 0', () => {
  expect(orNotMeasured(null, formatMs)).toBe(notMeasured);
  expect(orNotMeasured(0, formatMs)).toBe('0 ms');
});
