import { type LaneProbes, lowerBound, wallUs } from './lane-probes.ts';
import { type Answers, unservedUs } from './served.ts';

/*
 * How far the two ends of an outage can be from the truth, by the probes around them. docs/decisions/0008-truth-bench.md says what
 * counts as truth. What is known for certain:
 * - A good probe shows that the shop worked at some instant between its sending and its end.
 * - A bad one shows that it was broken at some instant between its sending and its end. One that hangs, or is slow, ends long
 *   after; it took no longer to reach the shop than good ones just before it took to be answered.
 * - If nobody is answered for long and then somebody is, the shop hung until just before: those that it held are answered first.
 * A late probe keeps its intended instant, so its lateness is in these bounds.
 *
 * Where only some probes fail (one replica of several), the first ones after the start may all have been lucky. The gaps between
 * neighbouring failures show how long such luck lasts: of 20 like gaps, the unseen one is the longest with a probability of 1 in 20
 * (exchangeability), so the longest of 19 bounds it in 95 %. In the same way, the last 99 good probes bound how long a good one
 * takes, in 99 %. Five failures in a row are no luck: nobody gets through then, and gaps further away belong to another outage
 * (with half of all requests failing, 1 in 32 would show this).
 */
const gapNeighbours = 20;
const wallNeighbours = 99;
const noLuck = 5;
/** A failure that took no longer than this ended because the shop was broken, not because its time was up. */
const soonUs = 100_000;
/** Failures further away than this belong to another outage. */
const nearUs = 1_000_000;
/** What the clocks of two processes on one machine can differ by. */
const clockUs = 1_000;

/** `bad` covers all probes of the lane; `at` is the first bad one of the outage. */
export function startUncertaintyUs(lane: LaneProbes, bad: boolean[], at: number): number {
  const first = nearest(bad, at, 1, true, gapNeighbours);
  const atUs = lane.intendedUs[at] as number;
  const lastGoodUs = sentUs(lane, nearest(bad, at - 1, -1, false, 1)[0], atUs - lane.intervalUs);
  return widest(lane, atUs, {
    fromUs: Math.min(lastGoodUs, atUs - longestGapUs(lane, first)),
    toUs: brokenByUs(lane, bad, at, earliestEndUs(lane, first)),
  });
}

/** The shop was broken by then; for certain, if a failure shows it this soon. */
function brokenByUs(lane: LaneProbes, bad: boolean[], at: number, endUs: number): number {
  const firstSentUs = lane.sentUs[at] as number;
  const longestUs = longestWallUs(lane, bad, at);
  return endUs - firstSentUs <= soonUs || longestUs === 0 ? endUs : Math.min(endUs, firstSentUs + longestUs);
}

/** `at` is the good probe with which the outage ended. */
export function endUncertaintyUs(lane: LaneProbes, bad: boolean[], at: number, answers: Answers): number {
  const last = nearest(bad, at - 1, -1, true, gapNeighbours);
  const lastBadUs = lane.intendedUs[last[0] ?? at] as number;
  const gapUs = longestGapUs(lane, last);
  // The next probe that would have failed, had the outage gone on.
  const next = Math.max(at, lowerBound(lane.intendedUs, lastBadUs + gapUs));
  const waited = last.some((index) => wallUs(lane, index) >= unservedUs);
  const heldUs = isNoLuck(last) && !waited ? [] : heldBeyondUs(lane, bad, at);
  return widest(lane, answers.backUs[at] as number, {
    fromUs: Math.max(
      sentUs(lane, last[0], (lane.intendedUs[at] as number) - lane.intervalUs),
      hungUntilUs(lane, bad, at, last[0], answers),
    ),
    toUs: Math.max(answers.firstUs[next] ?? Infinity, ...heldUs),
  });
}

/** If the last bad probe waited in vain, and nobody got an answer for long after it, the shop hung until just before it answered. */
function hungUntilUs(
  lane: LaneProbes,
  bad: boolean[],
  at: number,
  lastBad: number | undefined,
  { firstUs }: Answers,
): number {
  const answerUs = firstUs[at] as number;
  const isHang =
    lastBad !== undefined && wallUs(lane, lastBad) >= unservedUs && answerUs - (lane.sentUs[at] as number) > soonUs;
  return isHang ? answerUs - longestWallUs(lane, bad, at) : -Infinity;
}

/** Slow answers right after the end: one replica of several may have held them until then. */
function heldBeyondUs(lane: LaneProbes, bad: boolean[], at: number): number[] {
  // One that waited while the sentinel stood still is no measure of what a good one takes.
  const longUs = Math.max(soonUs, Math.min(longestWallUs(lane, bad, at), unservedUs / 2));
  return nearest(bad, at, 1, false, gapNeighbours)
    .filter((index) => wallUs(lane, index) > longUs)
    .map((index) => lane.endUs[index] as number);
}

/** The longest that a good probe just before takes, in 99 %. */
const longestWallUs = (lane: LaneProbes, bad: boolean[], before: number): number =>
  Math.max(0, ...nearest(bad, before - 1, -1, false, wallNeighbours).map((index) => wallUs(lane, index)));

/** Without any failure: what could have gone unseen between two probes. */
export const noOutageUncertaintyUs = (lane: LaneProbes): number => Math.max(lane.intervalUs, clockUs);

/** Never less than the interval: what lies between two probes is not seen. */
const widest = (lane: LaneProbes, atUs: number, { fromUs, toUs }: { fromUs: number; toUs: number }): number =>
  Math.max(atUs - fromUs, toUs - atUs, noOutageUncertaintyUs(lane));

const sentUs = (lane: LaneProbes, at: number | undefined, without: number): number =>
  at === undefined ? without : (lane.sentUs[at] as number);

const earliestEndUs = (lane: LaneProbes, indices: number[]): number =>
  Math.min(...indices.map((index) => lane.endUs[index] as number));

/** Indices of the nearest bad or good probes from one on, forwards (1) or backwards (-1), nearest first. */
function nearest(bad: boolean[], from: number, step: 1 | -1, isBad: boolean, atMost: number): number[] {
  const found: number[] = [];
  for (let at = from; at >= 0 && at < bad.length && found.length < atMost; at += step)
    if (bad[at] === isBad) found.push(at);
  return found;
}

/** Whether the first of them are in a row. */
function isNoLuck(indices: number[]): boolean {
  const inARow = indices.slice(0, noLuck);
  return inARow.length === noLuck && Math.abs((inARow.at(-1) as number) - (inARow[0] as number)) === noLuck - 1;
}

function longestGapUs({ intendedUs, intervalUs }: LaneProbes, indices: number[]): number {
  if (isNoLuck(indices)) return intervalUs;
  const all = indices.map((index) => intendedUs[index] as number);
  const instants = all.filter((us) => Math.abs(us - (all[0] as number)) <= nearUs);
  return Math.max(intervalUs, ...instants.slice(1).map((us, index) => Math.abs(us - (instants[index] as number))));
}
