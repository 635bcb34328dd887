/** One rest and the burst after it. */
export interface Burst {
  restMs: number;
  burstMs: number;
}

const shortestMs = 200;
const longestMs = 3_000;
const windowMs = 10_000;
/** Of all CPU time, over any ten seconds. */
const maxShare = 1 / 3;

/**
 * An endless series of bursts of one core at full speed: 0.2 to 3 s long, uniformly distributed, after rests that are
 * on average twice as long; a rest is longer where the ten seconds up to the end of its burst would otherwise hold
 * more than a third of all CPU time.
 */
export function* drawBursts(random: () => number, cpuCount: number): Generator<Burst> {
  const most = maxShare * windowMs * cpuCount;
  const upTo = (ms: number) => shortestMs + random() * (ms - shortestMs);
  const past: { startMs: number; endMs: number }[] = [];
  for (let nowMs = 0; ; ) {
    const burstMs = upTo(longestMs);
    let startMs = nowMs + upTo(2 * longestMs);
    while (burntWithin(past, startMs + burstMs - windowMs) + burstMs > most) startMs += shortestMs;
    past.push({ startMs, endMs: startMs + burstMs });
    if (past.length > windowMs / shortestMs) past.shift();
    yield { restMs: startMs - nowMs, burstMs };
    nowMs = startMs + burstMs;
  }
}

const burntWithin = (bursts: { startMs: number; endMs: number }[], fromMs: number): number =>
  bursts.reduce((sum, { startMs, endMs }) => sum + Math.max(0, endMs - Math.max(startMs, fromMs)), 0);
