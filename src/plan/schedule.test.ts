import { expect, test } from 'vitest';
import { profiles } from '../../scenarios/traffic/profiles.ts';
import { loadDurationMs, type Profile, peakRatePerSecond } from '../model/profile.ts';
import { scheduleOf } from './schedule.ts';

const all = Object.values(profiles);
const totalMs = (profile: Profile, hasFault: boolean) =>
  scheduleOf(profile, hasFault).stages.reduce((sum, stage) => sum + stage.durationMs, 0);

test.each(all)('$name lasts as long with a fault as without', (profile) => {
  expect(totalMs(profile, true)).toBe(loadDurationMs(profile));
  expect(totalMs(profile, false)).toBe(loadDurationMs(profile));
});

test.each(all)('$name without a fault goes back to the baseline, and stays there for a while', (profile) => {
  const { stages, marks, faultDueAfterMs } = scheduleOf(profile, false);
  const [baseline, peak] = [profile.baselineRatePerSecond, peakRatePerSecond(profile)];
  expect(stages.map((stage) => stage.ratePerSecond)).toEqual([baseline, peak, peak, baseline, baseline]);
  expect(stages.at(-1)?.durationMs).toBeGreaterThanOrEqual(5_000);
  const back = marks.find(({ mark }) => mark === 'back-start');
  expect(back?.afterMs).toBeGreaterThan(faultDueAfterMs);
  expect(marks.map(({ afterMs }) => afterMs)).toEqual(marks.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b));
});
