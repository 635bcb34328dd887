import { type LaneProbes, wallUs } from './lane-probes.ts';

/*
 * When a shop served, from its answers. A right answer shows that the shop answered at the instant of the answer, which
 * for a held request is long after it was sent.
 */

/**
 * Whoever waits this long was not served, whatever the answer: while a shop hangs it answers nobody, and those that it held
 * are all answered when the hang ends. A bound for each single probe cannot tell a hang from a shop that takes as long for
 * everybody, and must not: the latter is worse for every shopper.
 */
export const unservedUs = 1_000_000;
/** The median of this many right answers is what an answer usually takes. */
const usualAnswers = 99;

/** For each probe: whether it failed or waited too long. */
export const unserved = (lane: LaneProbes): boolean[] =>
  lane.failed.map((isFailed, at) => isFailed || waitedTooLong(lane, at));

/** While the sentinel stands still it sees no answer: the wait may be longer by as much as its probes were late meanwhile. */
function waitedTooLong(lane: LaneProbes, at: number): boolean {
  if (wallUs(lane, at) < unservedUs) return false;
  const { intendedUs, sentUs, endUs } = lane;
  const boundUs = (sentUs[at] as number) + unservedUs;
  let lateUs = 0;
  for (let next = at + 1; (intendedUs[next] ?? Infinity) <= boundUs + lateUs; next += 1)
    lateUs = Math.max(lateUs, (sentUs[next] as number) - (intendedUs[next] as number));
  return (endUs[at] as number) >= boundUs + lateUs;
}

/** For each probe, about those sent from it on. */
export interface Answers {
  /** When the first right answer came. */
  firstUs: number[];
  /** Since when the shop served them: it took up the request before it answered, but not before the probe was due. */
  backUs: number[];
}

/**
 * An answer shows an earlier instant: earlier by what one usually took before the `injected`-th probe, and by half an interval, as
 * nothing is known more closely.
 */
export function answersOf(lane: LaneProbes, injected: number): Answers {
  const firstUs = firstAnswersUs(lane);
  const beforeUs = usualWallUs(lane, injected) + lane.intervalUs / 2;
  return { firstUs, backUs: lane.intendedUs.map((us, at) => Math.max(us, (firstUs[at] as number) - beforeUs)) };
}

function firstAnswersUs({ endUs, failed }: LaneProbes): number[] {
  const firstUs: number[] = new Array(endUs.length);
  let earliestUs = Infinity;
  for (let at = endUs.length - 1; at >= 0; at -= 1) {
    if (!failed[at]) earliestUs = Math.min(earliestUs, endUs[at] as number);
    firstUs[at] = earliestUs;
  }
  return firstUs;
}

function usualWallUs(lane: LaneProbes, before: number): number {
  const walls: number[] = [];
  for (let at = before - 1; at >= 0 && walls.length < usualAnswers; at -= 1)
    if (!lane.failed[at]) walls.push(wallUs(lane, at));
  return walls.sort((a, b) => a - b)[walls.length >> 1] ?? 0;
}
