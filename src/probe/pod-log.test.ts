import { expect, test } from 'vitest';
import type { SentinelTick } from '../model/lane.ts';
import { PodLogReader, PodLogWriter } from './pod-log.ts';

const rowAt = (ms: number) => `edge-read-new,read,edge,,,new,${ms}000,${ms}500,${ms + 3}000,200,\n`;
const rows = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => rowAt(from + index)).join('');
const tick: SentinelTick = { atMs: 5, lanes: {}, latenessMaxMs: 1, unsent: {}, firstServed: { 'pod-a': 4 } };

function written(): string[] {
  const lines: string[] = [];
  const log = new PodLogWriter((line) => lines.push(line));
  log.rows(rows(1_000, 250));
  log.tick(tick);
  log.rows('');
  log.rows(rows(2_000, 7));
  log.end();
  return lines;
}

function read(lines: readonly string[]) {
  const seen = { rows: '', ticks: [] as SentinelTick[] };
  const log = new PodLogReader(
    (some) => {
      seen.rows += some;
    },
    (one) => seen.ticks.push(one),
  );
  for (const line of lines) log.take(line.replace(/\n$/, ''));
  return { ...seen, log };
}

test('what is written is read, in lines that no container runtime breaks', () => {
  const lines = written();
  const { rows: all, ticks, log } = read(lines);
  expect(all).toBe(rows(1_000, 250) + rows(2_000, 7));
  expect(ticks).toEqual([tick]);
  expect({ ...log }).toMatchObject({ missing: 0, hasEnded: true, lastSentMs: 2_006.5, words: [] });
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(16_384);
});

test.each([
  ['its first line', [1, 2, 3, 4, 5], 100],
  ['rows in the middle, and a tick', [0, 1, 4, 5], 51],
  ['nothing but its end, which is no number to miss', [0, 1, 2, 3, 4], 0],
])('a log that has lost %s tells how much', (_, kept, missing) => {
  const all = written();
  const { log } = read(kept.map((at) => all[at] as string));
  expect(log.missing).toBe(missing);
  expect(log.hasEnded).toBe(kept.includes(5));
});

test('what else it says is kept, the last of it', () => {
  const { log } = read([...Array.from({ length: 9 }, (_, at) => `line ${at}`), 'Error: listen EADDRINUSE']);
  expect(log.words).toEqual(['line 5', 'line 6', 'line 7', 'line 8', 'Error: listen EADDRINUSE']);
});
