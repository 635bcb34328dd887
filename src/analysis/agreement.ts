import type { AgreementFact } from '../model/facts.ts';

/** Whether k6 and the sentinel report the same about the same path. Two instruments that contradict each other prove nothing. */

/** Counts of one second of one path through the edge. */
export interface AgreementSecond {
  atMs: number;
  /**
   * What was asked in that second. A call or a probe that ended because its patience was over counts in neither of its
   * numbers: k6's shoppers and the sentinel wait for different times, so they may well differ about slow answers.
   */
  k6: Counts;
  probes: Counts;
}

interface Counts {
  failed: number;
  total: number;
}

const windowSeconds = 5;
/** Chance of finding a contradiction in a run without one. */
const falseAlarmRate = 0.01;
/**
 * Least difference between the shares of failures. A smaller one may be true of both: shoppers ask for other things than
 * probes, and a failure of one second fills a fifth of a window, or two fifths where the two see it a second apart.
 */
const leastDifference = 0.5;

/**
 * Compares the shares of failures in every window of five seconds by Fisher's exact test (two-sided, by doubling the smaller
 * tail), at a level that Bonferroni's correction divides among the windows: Agresti, Categorical Data Analysis, 3rd ed.,
 * 3.5.1 and 3.5.6. Calls in one window are alike rather than independent, but they are spread over the same five seconds of
 * the same shop, so the two shares differ less than the test assumes.
 * @param seconds in order of time; seconds in which nothing was asked may be missing.
 */
export function agreementOf(path: AgreementFact['path'], seconds: readonly AgreementSecond[]): AgreementFact {
  const windows = windowsOf(seconds).filter(({ k6, probes }) => k6.total > 0 && probes.total > 0);
  const level = falseAlarmRate / windows.length;
  const apart = windows.filter(
    ({ k6, probes }) => Math.abs(share(k6) - share(probes)) >= leastDifference && fisher(k6, probes) < level,
  );
  return { path, contradictions: merged(apart).map((stretch) => contradictionIn(stretch, seconds)) };
}

interface Stretch {
  fromMs: number;
  toMs: number;
}

/** A window from each second on, up to the last whole one. */
function windowsOf(seconds: readonly AgreementSecond[]): (Stretch & Pick<AgreementSecond, 'k6' | 'probes'>)[] {
  const lastMs = (seconds.at(-1)?.atMs ?? 0) + 1_000;
  let next = 0;
  return seconds.flatMap(({ atMs: fromMs }, first) => {
    const toMs = fromMs + windowSeconds * 1_000;
    while (next < seconds.length && (seconds[next] as AgreementSecond).atMs < toMs) next += 1;
    return toMs > lastMs ? [] : [{ fromMs, toMs, ...summed(seconds.slice(first, next)) }];
  });
}

function summed(seconds: readonly AgreementSecond[]): Pick<AgreementSecond, 'k6' | 'probes'> {
  const sum = (counts: Counts[]): Counts => ({
    failed: counts.reduce((all, { failed }) => all + failed, 0),
    total: counts.reduce((all, { total }) => all + total, 0),
  });
  return { k6: sum(seconds.map(({ k6 }) => k6)), probes: sum(seconds.map(({ probes }) => probes)) };
}

const share = ({ failed, total }: Counts): number => failed / total;

/** Windows that overlap or meet, as one stretch. */
function merged(windows: readonly Stretch[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { fromMs, toMs } of windows) {
    const last = stretches.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = toMs;
    else stretches.push({ fromMs, toMs });
  }
  return stretches;
}

function contradictionIn({ fromMs, toMs }: Stretch, seconds: readonly AgreementSecond[]) {
  const { k6, probes } = summed(seconds.filter(({ atMs }) => atMs >= fromMs && atMs < toMs));
  return { fromMs, toMs, k6FailedShare: share(k6), probeFailedShare: share(probes) };
}

/** How likely shares that differ this much are if both instruments see the same: Fisher's exact test. */
function fisher(one: Counts, other: Counts): number {
  const failed = one.failed + other.failed;
  const least = Math.max(0, failed - other.total);
  const most = Math.min(failed, one.total);
  const chanceOf = (ofOne: number): number =>
    Math.exp(
      logChoose(one.total, ofOne) + logChoose(other.total, failed - ofOne) - logChoose(one.total + other.total, failed),
    );
  const isMore = share(one) > share(other);
  const [from, to] = isMore ? [one.failed, most] : [least, one.failed];
  let tail = 0;
  for (let ofOne = from; ofOne <= to; ofOne += 1) tail += chanceOf(ofOne);
  return Math.min(1, 2 * tail);
}

const logChoose = (from: number, taken: number): number =>
  logFactorial(from) - logFactorial(taken) - logFactorial(from - taken);

const logFactorials = [0];
function logFactorial(of: number): number {
  for (let next = logFactorials.length; next <= of; next += 1)
    logFactorials.push((logFactorials[next - 1] as number) + Math.log(next));
  return logFactorials[of] as number;
}
