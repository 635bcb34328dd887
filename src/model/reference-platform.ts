/**
 * The shop whose promises the drills judge by: 10,000 users are about 600 requests/s (Little's law: 79 sessions/s of 127 s,
 * at 7 to 8 requests each), ten times of that at its peak.
 */
export const referencePlatform = { baselineRatePerSecond: 600, peakRatePerSecond: 6_000 } as const;
