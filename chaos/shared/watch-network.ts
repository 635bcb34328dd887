import { cannotTell } from '../../src/model/errors.ts';
import type { Degradation } from '../../src/model/facets.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { type NetworkCounts, networkCountsOf, networkFiles } from './pod-reading.ts';

/** Fewer are an accident. */
const leastSentAgain = 5;
const windowMs = 2_000;
/** So much of what is left of the bandwidth is used where it is felt, and no more. */
const usedRatio = { atLeast: 0.7, atMost: 1.1 };

/**
 * By what it shows in a pod that its network is degraded: the kernel's counters, and a connection that is timed.
 * @returns what tells it, in words; undefined while one part of it does not show
 * @throws where nothing in the pod can tell
 */
export async function watchNetwork(
  { kubernetes }: Pick<FacetsOf<'kubernetes-api'>, 'kubernetes'>,
  pod: string,
  { delayMs, jitterMs = 0, lossRatio, bitsPerSecond }: Degradation,
): Promise<() => Promise<string | undefined>> {
  const counts = async () => networkCountsOf(await kubernetes.read(pod, networkFiles));
  const before = await counts();
  if (delayMs !== undefined) refuseLate(pod, await kubernetes.connectMs(pod), delayMs - jitterMs);
  const looks = [
    ...(delayMs === undefined ? [] : [async () => lateWords(await kubernetes.connectMs(pod), delayMs - jitterMs)]),
    ...(lossRatio === undefined ? [] : [async () => lossWords(before, await counts(), lossRatio)]),
    ...(bitsPerSecond === undefined ? [] : [rateLook(counts, bitsPerSecond)]),
  ];
  return async () => {
    const seen = await Promise.all(looks.map((look) => look()));
    return seen.includes(undefined) ? undefined : `in pod ${pod} ${seen.join(', ')}`;
  };
}

/** A share as tools take it, in percent. */
export const percent = (ratio: number): string => String(Number((ratio * 100).toFixed(4)));

function refuseLate(pod: string, ms: number, atLeastMs: number): void {
  if (lateWords(ms, atLeastMs)) throw cannotTell(`a connection of pod ${pod} takes ${Math.round(ms)} ms already`);
}

const lateWords = (ms: number, atLeastMs: number): string | undefined =>
  ms >= atLeastMs ? `a connection took ${Math.round(ms)} ms` : undefined;

/** Not all that is lost is sent again: acknowledgements are not. */
function lossWords(before: NetworkCounts, now: NetworkCounts, lossRatio: number): string | undefined {
  const again = now.segmentsSentAgain - before.segmentsSentAgain;
  const sent = now.segmentsSent - before.segmentsSent;
  return again >= leastSentAgain && again / sent >= lossRatio / 4
    ? `${again} of ${sent} segments were sent again`
    : undefined;
}

/** Looks at what was sent in the time since it was first asked, once that is long enough. */
function rateLook(counts: () => Promise<NetworkCounts>, bitsPerSecond: number): () => Promise<string | undefined> {
  let since: { atMs: number; bytes: number } | undefined;
  return async () => {
    const { bytesSent: bytes } = await counts();
    const atMs = nowMs();
    if (since !== undefined && atMs - since.atMs < windowMs) return undefined;
    const rate = since && ((bytes - since.bytes) * 8_000) / (atMs - since.atMs);
    since = { atMs, bytes };
    if (rate === undefined) return undefined;
    const used = rate / bitsPerSecond;
    return used >= usedRatio.atLeast && used <= usedRatio.atMost
      ? `${Math.round(rate / 1000)} kbit/s were sent`
      : undefined;
  };
}
