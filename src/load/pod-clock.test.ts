import { expect, test } from 'vitest';
import { nowMs, sleepMs } from '../runtime/clock.ts';
import { boundsBy, measureClock } from './pod-clock.ts';

const never = new AbortController().signal;

/** A clock that is so far from ours, asked over a way that takes so long there and back. */
const clock = (offsetMs: () => number, thereMs: number, backMs: number) => {
  let asked = 0;
  return {
    asked: () => asked,
    ask: async () => {
      asked += 1;
      const sentMs = nowMs();
      await sleepMs(thereMs);
      const dateMs = Math.floor((nowMs() + offsetMs()) / 1_000) * 1_000;
      await sleepMs(backMs);
      return { text: '', dateMs, sentMs, receivedMs: nowMs() };
    },
  };
};

test.concurrent.each([
  { offsetMs: 0, thereMs: 1, backMs: 1 },
  { offsetMs: -340, thereMs: 2, backMs: 1 },
  { offsetMs: 61_777, thereMs: 1, backMs: 4 },
])('the bounds hold the offset, and are close: %o', async ({ offsetMs, thereMs, backMs }) => {
  const { ask } = clock(() => offsetMs, thereMs, backMs);
  const found = await measureClock(ask, never);
  expect(Math.abs(found.offsetMs - offsetMs)).toBeLessThanOrEqual(found.uncertaintyMs);
  expect(found.uncertaintyMs).toBeLessThan(100);
});

test.concurrent('an uneven way widens the bounds, and never makes them wrong', async () => {
  const { ask } = clock(() => 20, 60, 1);
  const found = await measureClock(ask, never);
  expect(Math.abs(found.offsetMs - 20)).toBeLessThanOrEqual(found.uncertaintyMs);
});

test.concurrent('a clock whose offset is known is asked a few times only, and a step of it is found', async () => {
  const steady = clock(() => 50, 1, 1);
  const known = await measureClock(steady.ask, never);
  const before = steady.asked();
  await measureClock(steady.ask, never, known);
  expect(steady.asked() - before).toBeLessThan(before);

  const found = await measureClock(clock(() => 450, 1, 1).ask, never, known);
  expect(Math.abs(found.offsetMs - 450)).toBeLessThanOrEqual(found.uncertaintyMs);
});

test.concurrent('an answer bounds the offset by the whole second that it shows', () => {
  expect(boundsBy({ text: '', dateMs: 5_000, sentMs: 5_400, receivedMs: 5_420 })).toEqual({ low: -420, high: 600 });
});
