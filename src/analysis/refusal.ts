import type { RecoveryFact, RefusalFact } from '../model/facts.ts';
import { rankOf } from '../statistics/rank.ts';
import { lowerBound } from './lane-probes.ts';
import type { RecoveredLane } from './recovery.ts';

/** How long shoppers waited to be told no, from the injection on; null when no write went through the edge. */
export function refusalFact(
  lanes: RecoveredLane[],
  recovery: RecoveryFact[],
  injectedAtMs: number,
): RefusalFact | null {
  const write = recovery.find(({ path }) => path === 'write');
  if (write === undefined) return null;
  const walls = lanes
    .filter(({ lane }) => lane.via === 'edge' && lane.path === 'write')
    .flatMap(({ lane, observedUs }) => failedWalls(lane, injectedAtMs * 1000, injectedAtMs * 1000 + observedUs))
    .sort((a, b) => a - b);
  const atMs = (perMille: number): number | null => {
    const us = walls[rankOf(walls.length, perMille) - 1];
    return us === undefined ? null : us / 1000;
  };
  return { probes: write.probes, failed: walls.length, medianMs: atMs(500), p95Ms: atMs(950) };
}

function failedWalls({ intendedUs, sentUs, endUs, failed }: RecoveredLane['lane'], fromUs: number, toUs: number) {
  const [first, last] = [lowerBound(intendedUs, fromUs), lowerBound(intendedUs, toUs)];
  return endUs
    .slice(first, last)
    .map((end, index) => end - (sentUs[first + index] as number))
    .filter((_, index) => failed[first + index]);
}
