import { invalid } from '../model/errors.ts';
import type { Profile } from '../model/profile.ts';
import { settlingMs } from './schedule.ts';

/** As multiples of the baseline: through ten times, and as far again beyond it. */
const factors = [2, 3, 4, 6, 8, 10, 12, 14, 17, 20] as const;
/** From one step to the next: long enough for pools and connections to follow, and no part of either. */
const climbMs = 2_000;

/**
 * A profile's traffic in steps, each held for as long as the profile holds its peak.
 * @throws TenfoldError (invalid) for sessions, of which there are as many as there are shoppers
 */
export function stepped({ name, baselineRatePerSecond, peakMs, afterFaultMs, inSessions }: Profile): Profile {
  if (inSessions)
    throw invalid(
      `the profile ${name} sends sessions, and steps are rates of requests`,
      'take another profile: npm run tenfold -- capacity --help names them',
    );
  return {
    name,
    baselineRatePerSecond,
    peakFactor: factors.at(-1) as number,
    baselineMs: settlingMs + peakMs,
    rampMs: climbMs,
    peakMs,
    // Nothing is injected.
    afterFaultMs,
    steps: [...factors],
  };
}
