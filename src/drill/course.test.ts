import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { plan as failover } from '../../tests/support/test-drill.ts';
import type { LiveCall } from '../load/live-calls.ts';
import type { Observation } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import { nowMs } from '../runtime/clock.ts';
import { Course } from './course.ts';

const plan: Plan = {
  ...failover,
  profile: { ...failover.profile, peakMs: 20_000, afterFaultMs: 30_000, holdOnTimes: 2 },
  objectives: { ...failover.objectives, recovery: [{ path: 'shop', objectiveMs: 10_000 }] },
  samples: [
    { path: 'checkout', phase: 'peak', limitMs: 200, expected: 460, judged: true, reason: '' },
    { path: 'checkout', phase: 'recovered', limitMs: 200, expected: 460, judged: true, reason: '' },
    { path: 'checkout', phase: 'baseline', limitMs: 200, expected: 16, judged: false, reason: '' },
  ],
};

beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'Date'] }));
afterEach(() => vi.useRealTimers());

/** A load at peak from now on, of this many checkouts a second, some of them bad, by the second since the peak began. */
function loadWith(isBad: (second: number, call: number) => boolean, robbed: number[] = [], callsPerSecond = 23) {
  const startMs = Math.ceil(nowMs() / 1000) * 1000;
  const seen: Observation[] = [];
  const at = { peakStartMs: startMs, faultDueMs: startMs + plan.profile.peakMs };
  const robbedSeconds = new Set(robbed.map((second) => startMs / 1000 + second));
  const course = new Course(
    plan,
    (one) => seen.push(one),
    at,
    () => robbedSeconds,
  );
  let second = 0;
  return {
    course,
    startMs,
    held: () => seen.flatMap((one) => (one.kind === 'held-on' ? [one.phase] : [])),
    /** Advances by a second. */
    tick() {
      const calls = Array.from({ length: callsPerSecond }, (_, call): LiveCall => {
        const bad = isBad(second, call);
        return {
          startMs: startMs + second * 1000 + (call * 1000) / callsPerSecond,
          wallMs: bad ? 900 : 20,
          failed: false,
          path: 'checkout',
          isFirst: true,
        };
      });
      course.take(calls);
      second += 1;
      vi.advanceTimersByTime(1000);
    },
  };
}

function secondsUntil(load: ReturnType<typeof loadWith>, over: () => boolean): number {
  for (let seconds = 0; seconds < 300; seconds += 1) {
    if (over()) return seconds;
    load.tick();
  }
  throw new Error('it was never over');
}

test('a peak whose promises are kept is as long as planned', () => {
  const load = loadWith(() => false);
  expect(secondsUntil(load, () => load.course.peakIsOver())).toBeCloseTo(20, -0.5);
  expect(load.held()).toEqual([]);
});

test('one slow checkout makes the drill look longer, until there are calls enough', () => {
  const load = loadWith((second, call) => second === 7 && call === 3);
  expect(secondsUntil(load, () => load.course.peakIsOver())).toBeGreaterThan(39);
  expect(load.held()).toContain('peak');
});

test('a promise that stays undecided is waited for as often as the profile says, and no longer', () => {
  const load = loadWith((_, call) => call === 0 && Math.floor(nowMs() / 1000) % 4 === 0);
  expect(secondsUntil(load, () => load.course.peakIsOver())).toBeLessThanOrEqual(61);
  expect(load.held()).toEqual(['peak', 'peak']);
});

test('a broken promise is not waited for', () => {
  const load = loadWith((_, call) => call % 4 === 0);
  expect(secondsUntil(load, () => load.course.peakIsOver())).toBeLessThanOrEqual(21);
  expect(load.held()).toEqual([]);
});

test('what the host robbed the instruments of does not count: neither slow calls nor enough of them', () => {
  const slow = loadWith((second) => second === 7, [7], 46);
  expect(secondsUntil(slow, () => slow.course.peakIsOver())).toBeLessThanOrEqual(21);
  const few = loadWith((second, call) => second === 7 && call === 0, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  secondsUntil(few, () => few.course.peakIsOver());
  expect(few.held()).toEqual(['peak']);
});

test('the time after the fault counts from the injection, and is judged from when the shop has to be well', () => {
  const load = loadWith((second) => second >= 20 && second < 28);
  secondsUntil(load, () => load.course.peakIsOver());
  load.course.struck(nowMs());
  expect(secondsUntil(load, () => load.course.isOver())).toBeLessThanOrEqual(31);
  expect(load.held()).toEqual([]);
});
