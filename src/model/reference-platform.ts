/**
 * The shop whose promises the drills are judged by: 10,000 users are about 600 requests/s (Little's law: 79 sessions/s of
 * 127 s, at 7 to 8 requests each), and ten times that at peak.
 */
export const referencePlatform = { baselineRatePerSecond: 600, peakRatePerSecond: 6_000 } as const;
