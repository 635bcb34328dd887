import { expect, test } from 'vitest';
import { LogLines } from './follow-log.ts';

/** Lines as the API server sends them: each with the node's time before it. */
const log = (...lines: [string, string][]): Buffer =>
  Buffer.from(lines.map(([time, line]) => `2026-11-28T16:00:${time}Z ${line}\n`).join(''));

function follow() {
  const seen: string[] = [];
  return { seen, lines: new LogLines((line) => seen.push(line)) };
}

test('lines come without the time before them, wherever the stream is cut into chunks', () => {
  const { seen, lines } = follow();
  const bytes = log(['01.5', 'a,1'], ['01.500000001', 'b with spaces'], ['02', 'ü']);
  lines.begin();
  for (const byte of bytes) lines.take(Buffer.of(byte));
  expect(seen).toEqual(['a,1', 'b with spaces', 'ü']);
});

test('a stream that goes on is read from where the one before broke off, in the middle of a line', () => {
  const { seen, lines } = follow();
  expect(lines.begin()).toBeUndefined();
  lines.take(log(['01.2', 'a'], ['01.7', 'b'], ['01.7', 'b']));
  lines.take(Buffer.from('2026-11-28T16:00:02Z broken of'));
  expect(lines.begin()).toBe('2026-11-28T16:00:01.7Z');
  // From the turn of that second on, as the kubelet knows whole seconds alone.
  lines.take(log(['01.2', 'a'], ['01.7', 'b'], ['01.7', 'b'], ['01.7', 'b'], ['02', 'broken off']));
  lines.end();
  expect(seen).toEqual(['a', 'b', 'b', 'b', 'broken off']);
  expect(lines.hasGap).toBe(false);
});

test.each<[string, [string, string][]]>([
  ['whose last line is gone, as by a rotation', [['05', 'c']]],
  ['that tells another line at that time', [['01.7', 'x']]],
  ['that tells nothing any more', []],
])('a stream %s has a gap', (_, again) => {
  const { lines } = follow();
  lines.begin();
  lines.take(log(['01.2', 'a'], ['01.7', 'b']));
  lines.begin();
  lines.take(log(...again));
  lines.end();
  expect(lines.hasGap).toBe(true);
});
