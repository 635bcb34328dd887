import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import type { LiveCall } from '../load/live-calls.ts';
import type { Plan } from '../model/plan.ts';
import {
  conditionText,
  type LiveCondition,
  liveConditionOf,
  type ReadCondition,
  type StopCondition,
} from '../model/stop.ts';
import { nowMs } from '../runtime/clock.ts';
import { LiveShares, watchStops } from './stop-watch.ts';

const plan = (stopWhen: StopCondition[] = []): Plan =>
  ({
    stopWhen,
    peakRatePerSecond: 100,
    checkoutShare: 0.1,
    profile: { baselineRatePerSecond: 10 },
    objectives: {
      latency: [{ path: 'api', limitMs: 100, phases: [] }],
      errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.23 },
    },
  }) as unknown as Plan;

const condition = (text: string): LiveCondition => liveConditionOf(text) as LiveCondition;
const calls = (count: number, more: Partial<LiveCall> = {}, startMs = nowMs() - 500): LiveCall[] =>
  Array.from({ length: count }, () => ({
    startMs,
    wallMs: 10,
    failed: false,
    path: 'api' as const,
    isFirst: true,
    ...more,
  }));

describe('a condition in words', () => {
  it.each([
    ['error-ratio > 0.3', { measure: 'error-ratio', is: 'above', than: 0.3 }],
    ['orders<50%', { measure: 'orders', is: 'below', than: 0.5 }],
    [' burn  > 10 % ', { measure: 'burn', is: 'above', than: 0.1 }],
  ])('%s', (text, expected) => {
    expect(liveConditionOf(text)).toEqual(expected);
    expect(liveConditionOf(conditionText(condition(text)))).toEqual(expected);
  });

  it.each(['', 'latency > 3', 'orders', 'orders = 3', 'burn > -1', 'burn > 1e9x'])('%s is none', (text) => {
    expect(liveConditionOf(text)).toBeUndefined();
  });
});

describe('the share of failed calls', () => {
  it('is of the last seconds, and of more than a few', () => {
    const live = new LiveShares(plan());
    live.take(calls(15, { failed: true }));
    expect(live.valueOf(condition('error-ratio > 0'), nowMs())).toBeNull();
    live.take(calls(45));
    expect(live.valueOf(condition('error-ratio > 0'), nowMs())).toBe(0.25);
    expect(live.valueOf(condition('error-ratio > 0'), nowMs() + 60_000)).toBeNull();
  });
});

describe('the share of orders', () => {
  it('is of what the plan expects at its peak, once that has lasted', () => {
    const live = new LiveShares(plan());
    const atMs = nowMs();
    const orders = (count: number) => calls(count, { path: 'checkout' }, atMs + 8_000);
    live.take(orders(25));
    expect(live.valueOf(condition('orders < 1'), atMs + 11_000)).toBeNull();
    live.peakBegan(atMs);
    expect(live.valueOf(condition('orders < 1'), atMs + 5_000)).toBeNull();
    expect(live.valueOf(condition('orders < 1'), atMs + 11_000)).toBe(0.5);
  });
});

describe('the burn', () => {
  it('is the share of the budget that failed and slow calls take', () => {
    const live = new LiveShares(plan());
    live.take([...calls(100, { failed: true }), ...calls(100, { wallMs: 200 }), ...calls(1_000)]);
    const budget = 0.0005 * 30 * 86_400 * 9;
    expect(live.valueOf(condition('burn > 0'), nowMs())).toBeCloseTo(200 / budget, 4);
    const onlyRead = new LiveShares({ ...plan(), checkoutShare: 0 });
    expect(onlyRead.valueOf(condition('burn > 0'), nowMs())).toBe(0);
  });
});

/** What stops a drill under a watch, within a time. */
async function stoppedBy(
  conditions: StopCondition[],
  read: () => Promise<number>,
  taken: LiveCall[] = [],
  forMs = 2_500,
) {
  const met: string[] = [];
  using watch = watchStops(plan(conditions), read, (because) => met.push(because));
  watch.take(taken);
  await delay(forMs);
  return met;
}
const never = () => Promise.reject(new Error('nobody is there'));
const reading = (more: object): ReadCondition => ({
  name: 'queue',
  read: { command: { argv: ['true'], timeoutMs: 100 } },
  ...more,
});

test('a condition that is met is told once, within a second', async () => {
  expect(await stoppedBy([condition('error-ratio > 10 %')], never, calls(50, { failed: true }))).toEqual([
    'error-ratio > 10 %: it is 100 %',
  ]);
  expect(await stoppedBy([condition('error-ratio > 10 %')], never, calls(50))).toEqual([]);
});

test('a number of the user is read every second, and compared', async () => {
  expect(await stoppedBy([reading({ above: 5 })], async () => 6)).toEqual(['queue above 5: it is 6']);
  expect(await stoppedBy([reading({ above: 5 })], async () => 5)).toEqual([]);
  expect(await stoppedBy([reading({ below: 5 })], async () => 4)).toEqual(['queue below 5: it is 4']);
});

test('one that cannot be read for some seconds stops the drill', async () => {
  expect(await stoppedBy([reading({ above: 5 })], never, [], 5_000)).toEqual([
    'queue above 5: it cannot be read (nobody is there)',
  ]);
});
