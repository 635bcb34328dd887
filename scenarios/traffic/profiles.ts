import type { Profile } from '../../src/model/profile.ts';

/**
 * Baseline: 10,000 users are about 600 requests/s on the reference platform (Little's law: 79 sessions/s of 127 s, at 7
 * to 8 requests each); here 1:10 of it. What a profile can judge follows from its lengths: see `tenfold describe`.
 */
const baselineRatePerSecond = 60;
const step = { baselineRatePerSecond, peakFactor: 10, rampMs: 4_000 };

export const profiles: Record<string, Profile> = {
  /** To try out a drill: recovery and orders are judged, latency hardly. */
  brief: { name: 'brief', ...step, rampMs: 2_000, baselineMs: 3_000, peakMs: 9_000, afterFaultMs: 18_000 },
  /**
   * The baseline, which cannot be held on, has enough calls to pass with a bad one. The ramp is as long as the shop's
   * and the edge's code takes to be compiled: with 4 s, that took up the peak's first five.
   */
  smoke: {
    name: 'smoke',
    ...step,
    rampMs: 8_000,
    baselineMs: 25_000,
    peakMs: 22_000,
    afterFaultMs: 32_000,
    recoveredMs: 18_000,
    holdOnTimes: 2,
  },
  nightly: {
    name: 'nightly',
    ...step,
    baselineMs: 150_000,
    peakMs: 120_000,
    afterFaultMs: 180_000,
    recoveredMs: 120_000,
    holdOnTimes: 1,
  },
  /**
   * Ten thousand shoppers at once: the peak of the other profiles as sessions. The baseline lasts until as many leave
   * as come; after a tenfold rise within seconds, that many would not be in the shop for two minutes.
   */
  sessions: {
    name: 'sessions',
    ...step,
    baselineRatePerSecond: 600,
    peakFactor: 1,
    baselineMs: 240_000,
    peakMs: 30_000,
    afterFaultMs: 60_000,
    inSessions: true,
  },
  readiness: { name: 'readiness', ...step, baselineMs: 300_000, peakMs: 600_000, afterFaultMs: 900_000 },
};

export const defaultProfile = 'smoke';
