import type { LoadPodAnswer } from '../model/facets.ts';
import { nowMs, sleepMs } from '../runtime/clock.ts';

/** A clock minus ours: in ms, and by how much that may be off. */
export interface ClockOffset {
  offsetMs: number;
  uncertaintyMs: number;
}

/** Close enough, beside the way there and back. */
const enoughMs = 5;
/** On a busy machine some answers take long: others do not. */
const mostAsked = { atFirst: 20, again: 6 };

/** What a clock's offset lies between. */
interface Bounds {
  low: number;
  high: number;
}

/**
 * How far a pod's clock is from ours, by the Date header of what it answers, which has whole seconds. Each answer bounds the offset; the
 * next question is timed so that it arrives when their second would just turn if the offset lay in the middle of what is left, which
 * halves it.
 * @param known what it was before: the first two questions then ask whether that still holds
 */
export async function measureClock(
  ask: () => Promise<LoadPodAnswer>,
  signal: AbortSignal,
  known?: ClockOffset,
): Promise<ClockOffset> {
  let bounds: Bounds = { low: -Infinity, high: Infinity };
  const ways: number[] = [];
  const shortestMs = () => (ways.length === 0 ? 0 : Math.min(...ways));
  const most = known ? mostAsked.again : mostAsked.atFirst;
  while (ways.length < most && bounds.high - bounds.low > 2 * enoughMs + shortestMs()) {
    const around = known && [known.offsetMs + enoughMs, known.offsetMs - enoughMs][ways.length];
    const guessMs = around ?? middleOf(bounds);
    if (Number.isFinite(guessMs)) await sleepMs(untilTurnMs(nowMs() + shortestMs() / 2 + guessMs), signal);
    const answer = await ask();
    ways.push(answer.receivedMs - answer.sentMs);
    bounds = within(bounds, boundsBy(answer));
  }
  return { offsetMs: middleOf(bounds), uncertaintyMs: Math.abs(bounds.high - bounds.low) / 2 };
}

/** It was asked after sentMs, had answered before receivedMs, and in between its clock showed the second that begins at dateMs. */
export const boundsBy = ({ dateMs, sentMs, receivedMs }: LoadPodAnswer): Bounds => ({
  low: dateMs - receivedMs,
  high: dateMs + 1_000 - sentMs,
});

const within = (a: Bounds, b: Bounds): Bounds => ({ low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) });
const middleOf = ({ low, high }: Bounds): number => (low + high) / 2;
/** Until a clock that shows an instant shows the turn of its second. */
const untilTurnMs = (showsMs: number): number => 1_000 - (((showsMs % 1_000) + 1_000) % 1_000);
