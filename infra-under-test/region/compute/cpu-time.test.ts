import { expect, test } from 'vitest';
import { cpuTimesMs, parsePs, parseStat } from './cpu-time.ts';

test('reads user and system time of Linux, whatever the name of the process', () => {
  const rest = `S 1 2 3 4 5 6 7 8 9 10 250 31 0 0 20 0 11 0 12345`;
  expect(parseStat(`4711 (node) ${rest}`)).toBe(2_810);
  expect(parseStat(`4711 (a) b (c)) ${rest}`)).toBe(2_810);
  expect(parseStat('')).toBeNull();
});

test('reads the clock of ps', () => {
  const text = '  471 0:01.25\n 4712   2:03.50\n4713 1:02:03\n4714 2-00:00:01\n\nnonsense\n';
  expect([...parsePs(text)]).toEqual([
    [471, 1_250],
    [4712, 123_500],
    [4713, 3_723_000],
    [4714, 172_801_000],
  ]);
});

test('tells of this process, and leaves out one that is gone', async () => {
  const times = await cpuTimesMs([process.pid, 2 ** 30]);
  expect([...times.keys()]).toEqual([process.pid]);
  const endMs = performance.now() + 60;
  while (performance.now() < endMs);
  const later = await cpuTimesMs([process.pid]);
  expect(later.get(process.pid)).toBeGreaterThanOrEqual((times.get(process.pid) ?? 0) + 20);
});
