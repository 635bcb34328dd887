import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { profiles } from '../../scenarios/traffic/profiles.ts';
import { plan as failover } from '../../tests/support/test-drill.ts';
import type { LiveCall } from '../load/live-calls.ts';
import type { Observation } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import type { Profile } from '../model/profile.ts';
import { scheduleOf } from '../plan/schedule.ts';
import { stepped } from '../plan/stepped.ts';
import { nowMs } from '../runtime/clock.ts';
import { Stairs } from './stairs.ts';

const profile = stepped(profiles.brief as Profile);
const plan: Plan = { ...failover, fault: null, profile };

beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'Date'] }));
afterEach(() => vi.useRealTimers());

interface Second {
  badShare?: number;
  dropped?: number;
}

/** Goes up until it is over, or at the top; @returns the steps that began. */
function climb(at: (factor: number) => Second, busyRatio: (factor: number) => number = () => 0.4) {
  const startMs = Math.ceil(nowMs() / 1_000) * 1_000;
  const begun: Extract<Observation, { kind: 'load-step' }>[] = [];
  const factor = () => begun.at(-1)?.factor ?? 1;
  const host = { robbed: () => new Set<number>(), busyRatio: (fromMs: number) => busyRatio(stepAt(fromMs)) };
  const stepAt = (ms: number) => begun.find(({ atMs }) => atMs === ms)?.factor ?? 0;
  const stairs = new Stairs(plan, (one) => one.kind === 'load-step' && begun.push(one), startMs, host);
  const lengthMs = scheduleOf(plan).stages.reduce((sum, { durationMs }) => sum + durationMs, 0) + 5_000;
  for (let ms = 0; ms < lengthMs && !stairs.isOver(); ms += 1_000) {
    const { badShare = 0, dropped = 0 } = at(factor());
    const calls = Array.from(
      { length: 60 * factor() },
      (_, call): LiveCall => ({
        startMs: startMs + ms,
        wallMs: call < 60 * factor() * badShare ? 900 : 10,
        failed: false,
        path: 'api',
        isFirst: true,
      }),
    );
    stairs.take({ calls, dropped });
    vi.advanceTimersByTime(1_000);
  }
  return begun.map((step) => step.factor);
}

test('it goes all the way up while nothing gives way', () => {
  expect(climb(() => ({}))).toEqual([1, ...(profile.steps ?? [])]);
});

/** What comes after the second one has begun by the time that it is known. */
test.each([
  ['promises are broken', (factor: number): Second => ({ badShare: factor >= 4 ? 0.2 : 0 }), undefined],
  ['k6 drops requests', (factor: number): Second => ({ dropped: factor >= 4 ? 30 : 0 }), undefined],
  ['the host is full', (): Second => ({}), (factor: number) => (factor >= 4 ? 0.95 : 0.4)],
] as const)('it ends after two steps in a row in which %s', (_, at, busyRatio) => {
  expect(climb(at, busyRatio)).toEqual([1, 2, 3, 4, 6]);
});

test('a hiccup in one step does not end it', () => {
  expect(climb((factor) => ({ badShare: factor === 4 ? 0.2 : 0 }))).toEqual([1, ...(profile.steps ?? [])]);
});
