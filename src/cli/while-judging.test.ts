import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whileJudging } from './while-judging.ts';

let written: string;
const stream = { isTTY: false, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;

beforeEach(() => {
  written = '';
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test('what is judged within a second is not spoken of', async () => {
  expect(await whileJudging('reports/a', Promise.resolve(1), stream)).toBe(1);
  expect(written).toBe('');
});

test('what takes longer is named, and again every ten seconds', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const judged = whileJudging('reports/a', promise, stream);
  await vi.advanceTimersByTimeAsync(11_500);
  expect(written).toBe('judging reports/a (1 s)\njudging reports/a (11 s)\n');
  resolve(2);
  expect(await judged).toBe(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('an error is passed on, and nothing is said after it', async () => {
  const broken = whileJudging('reports/a', Promise.reject(new Error('no plan')), stream);
  await expect(broken).rejects.toThrow('no plan');
  await vi.advanceTimersByTimeAsync(1_100);
  expect(written).toBe('');
});

test('a terminal that knows nothing but text is told in lines', async () => {
  vi.stubEnv('TERM', 'dumb');
  const terminal = { isTTY: true, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
  const { promise, resolve } = Promise.withResolvers<number>();
  const judged = whileJudging('reports/a', promise, terminal);
  await vi.advanceTimersByTimeAsync(1_500);
  resolve(2);
  await judged;
  expect(written).toBe('judging reports/a (1 s)\n');
  vi.unstubAllEnvs();
});
