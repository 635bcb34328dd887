import { expect, test } from 'vitest';
import { profiles } from '../../scenarios/traffic/profiles.ts';
import { loadDurationMs, type Profile, peakRatePerSecond } from '../model/profile.ts';
import { scheduleOf, stepsOf } from './schedule.ts';
import { stepped } from './stepped.ts';

const all = Object.values(profiles);
const planOf = (profile: Profile, hasFault: boolean) => ({
  profile,
  fault: hasFault ? { kind: 'power', summary: 'power goes' } : null,
  objectives: { latency: [], recovery: [{ path: 'shop' as const, objectiveMs: 10_000 }], errorBudget },
});
const errorBudget = { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.2 };
const totalMs = (profile: Profile, hasFault: boolean) =>
  scheduleOf(planOf(profile, hasFault)).stages.reduce((sum, stage) => sum + stage.durationMs, 0);

test.each(all)('$name lasts as long as planned without a fault, and with one that is not held on', (profile) => {
  expect(totalMs(profile, false)).toBe(loadDurationMs(profile));
  expect(totalMs({ ...profile, holdOnTimes: 0 }, true)).toBe(loadDurationMs(profile));
});

test('k6 is told to go on for as long as phases may be held on, and the drill ends it', () => {
  const profile = { ...(profiles.smoke as Profile), holdOnTimes: 2 };
  const { peakMs, afterFaultMs } = profile;
  expect(totalMs(profile, true)).toBeGreaterThan(loadDurationMs(profile) + 2 * (peakMs + afterFaultMs - 10_000));
  expect(scheduleOf(planOf(profile, true)).faultDueAfterMs).toBe(profile.baselineMs + profile.rampMs + peakMs);
});

test.each(all)('$name without a fault goes back to the baseline, and stays there for a while', (profile) => {
  const { stages, marks, faultDueAfterMs } = scheduleOf(planOf(profile, false));
  const [baseline, peak] = [profile.baselineRatePerSecond, peakRatePerSecond(profile)];
  expect(stages.map((stage) => stage.ratePerSecond)).toEqual([baseline, peak, peak, baseline, baseline]);
  expect(stages.at(-1)?.durationMs).toBeGreaterThanOrEqual(5_000);
  const back = marks.find(({ mark }) => mark === 'back-start');
  expect(back?.afterMs).toBeGreaterThan(faultDueAfterMs);
  expect(marks.map(({ afterMs }) => afterMs)).toEqual(marks.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b));
});

test.each(all.filter(({ inSessions }) => !inSessions))(
  '$name in steps goes up, holds each rate, and never goes back',
  (profile) => {
    const inSteps = stepped(profile);
    const { stages, marks } = scheduleOf(planOf(inSteps, false));
    const rates = stages.map(({ ratePerSecond }) => ratePerSecond);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(rates.at(-1)).toBe(peakRatePerSecond(inSteps));
    expect(totalMs(inSteps, false)).toBe(loadDurationMs(inSteps));
    const steps = stepsOf(inSteps);
    for (const { fromMs, toMs } of steps) expect(toMs - fromMs).toBe(profile.peakMs);
    expect(steps.at(-1)?.toMs).toBe(loadDurationMs(inSteps));
    expect(steps.map(({ factor }) => factor)).toContain(10);
    expect(marks.find(({ mark }) => mark === 'peak-start')?.afterMs).toBe(steps.at(-1)?.fromMs);
  },
);

test('sessions, which are no rate of requests, do not go up in steps', () => {
  expect(() => stepped(profiles.sessions as Profile)).toThrow(/sends sessions/);
});
