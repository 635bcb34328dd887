import type { Facts, RecoveryFact } from '../model/facts.ts';
import { lowerBound } from './lane-probes.ts';
import type { RecoveredLane } from './recovery.ts';

/**
 * A database failover as clients and the platform saw it: one stretch up to each event, in order of time, in
 * milliseconds from the injection. An event that is not known to have happened has no stretch.
 */
export function failoverPhases(
  events: Facts['platformEvents'],
  lanes: RecoveredLane[],
  injectedAtMs: number,
): RecoveryFact['phases'] {
  const edge = lanes.filter(({ lane }) => lane.via === 'edge' && lane.path === 'write');
  const replicas = lanes.filter(({ lane }) => lane.via === 'replica' && lane.path === 'write');
  const firstErrorMs = earliest(edge.map(({ outageStartUs }) => sinceMs(outageStartUs, injectedAtMs)));
  if (firstErrorMs === null) return [];
  const said = (words: RegExp) =>
    earliest(
      events
        .filter(({ atMs, message }) => atMs >= injectedAtMs && words.test(message))
        .map(({ atMs }) => atMs - injectedAtMs),
    );
  const promotedMs = said(/\bpromoted\b/i);
  const milestones: [string, number | null][] = [
    ['first client error', firstErrorMs],
    // RDS and CloudNativePG say so in these words; Aurora's own events name neither the promotion nor the flip of the name.
    ['detection', said(/\bstarted (same|cross) AZ failover\b|\bfailing over$/i)],
    ['promotion', promotedMs],
    ['name flip', said(/writer name points at/i)],
    ['first acknowledged write', firstWriteAfter(edge, injectedAtMs, Math.max(firstErrorMs, promotedMs ?? 0))],
    ['all replicas writing', lastOf(replicas.map(({ serviceRestoredUs }) => serviceRestoredUs))],
    ['latency back', lastOf(edge.map(({ performanceRestoredUs }) => performanceRestoredUs))],
  ];
  const known = milestones
    .filter((milestone): milestone is [string, number] => milestone[1] !== null)
    .sort((a, b) => a[1] - b[1]);
  return known.map(([name, endMs], index) => ({ name, startMs: known[index - 1]?.[1] ?? 0, endMs }));
}

const sinceMs = (us: number | null, injectedAtMs: number): number | null =>
  us === null ? null : us / 1000 - injectedAtMs;

function earliest(instants: (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function lastOf(sinceUs: (number | null)[]): number | null {
  if (sinceUs.length === 0 || sinceUs.includes(null)) return null;
  return Math.max(...sinceUs.map((us) => us ?? 0)) / 1000;
}

/** When the first write that was sent after an instant was acknowledged. */
function firstWriteAfter(edge: RecoveredLane[], injectedAtMs: number, afterMs: number): number | null {
  const firsts = edge.map(({ lane }) => {
    for (let at = lowerBound(lane.intendedUs, (injectedAtMs + afterMs) * 1000); at < lane.failed.length; at += 1)
      if (!lane.failed[at]) return sinceMs(lane.endUs[at] as number, injectedAtMs);
    return null;
  });
  return earliest(firsts);
}
