import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createShedder, sheddingLimits } from './shedding.ts';

const shedder = createShedder(sheddingLimits);
const takesIn = () => [shedder.reads.enter(), shedder.writes.enter()];

afterEach(() => {
  shedder.reads.leave(true);
  shedder.writes.leave(true);
});

/** Delays the event loop's next tick. */
async function stall(): Promise<void> {
  const untilMs = performance.now() + sheddingLimits.maxLoopDelayMs + 100;
  while (performance.now() < untilMs);
  await sleep(0);
}

test('an event loop that stalled once takes shoppers in', async () => {
  await stall();
  expect(takesIn()).toEqual([true, true]);
});

test('an event loop that stays behind takes nobody in, until it has caught up', async () => {
  for (let times = 0; times < 4; times++) await stall();
  expect(takesIn()).toEqual([false, false]);
  await expect.poll(takesIn).toEqual([true, true]);
});
