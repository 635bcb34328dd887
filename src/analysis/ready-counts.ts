import type { CapacitySample, RecoveryFact } from '../model/facts.ts';
import { lastBefore } from './capacity.ts';
import { intervalOf } from './lane-probes.ts';
import { steadyMs } from './restored.ts';

/** A path that is counted, not probed. */
export type CountedPath = 'pods' | 'nodes';

/** Ready and wanted at one look. */
interface Look {
  atMs: number;
  ready: number;
  /** As many as before the injection, or as are wanted by now if that is fewer. */
  full: boolean;
}

/**
 * When there were again as many ready pods or nodes as just before an injection, for at least three seconds and up to the end of the
 * load. A look is not a matter of chance, so a single one that shows fewer after three full seconds opens the outage again (a flap).
 * What autoscaling no longer wants is not missing. null without a look just before or after.
 */
export function readyRecovery(
  path: CountedPath,
  samples: CapacitySample[],
  injectedAtMs: number,
  loadEndMs: number | null,
): RecoveryFact | null {
  const before = samples[lastBefore(samples, injectedAtMs)];
  const intervalMs = intervalOf(samples.map(({ atMs }) => atMs));
  const endMs = Math.min(loadEndMs ?? Infinity, (samples.at(-1)?.atMs ?? injectedAtMs) + intervalMs);
  if (before === undefined) return null;
  const looks = samples
    .filter(({ atMs }) => atMs > injectedAtMs && atMs <= endMs)
    .map((sample) => lookOf(path, sample, before));
  if (looks.length === 0) return null;
  const { down, back, flaps } = outageOf(looks);
  const seenBackMs = looks[back]?.atMs ?? endMs;
  const backMs = seenBackMs + steadyMs <= endMs ? seenBackMs : null;
  const sinceLookBefore = backMs === null ? 0 : backMs - (looks[back - 1]?.atMs ?? injectedAtMs);
  const missing = looks.filter(({ full }) => !full).length;
  return {
    path,
    outage: down !== null,
    recovered: backMs !== null,
    outageStartMs: down === null ? null : (looks[down]?.atMs as number),
    outageEndMs: down === null ? null : backMs,
    uncertaintyMs: down === null ? intervalMs : Math.max(intervalMs, sinceLookBefore),
    badMs: missing * intervalMs,
    flaps,
    serviceRestoredMs: backMs === null ? null : down === null ? 0 : backMs - injectedAtMs,
    performanceRestoredMs: null,
    serviceAtLeastMs: down === null ? 0 : (looks[back - 1]?.atMs as number) - injectedAtMs,
    performanceAtLeastMs: null,
    observedMs: endMs - injectedAtMs,
    phases: [],
    replicas: [],
    ready: { before: countOf(path, before).ready, least: Math.min(...looks.map(({ ready }) => ready)) },
    probes: looks.length,
    unserved: missing,
  };
}

const countOf = (path: CountedPath, sample: CapacitySample) =>
  path === 'pods'
    ? { ready: sample.podsReady, wanted: sample.podsWanted }
    : { ready: sample.nodesReady, wanted: sample.nodesWanted };

function lookOf(path: CountedPath, sample: CapacitySample, before: CapacitySample): Look {
  const { ready, wanted } = countOf(path, sample);
  return { atMs: sample.atMs, ready, full: ready >= Math.min(countOf(path, before).ready, wanted) };
}

/** Indices of the first look that shows too few, and of the one after the last such look. */
function outageOf(looks: Look[]): { down: number | null; back: number; flaps: number } {
  const down = looks.findIndex(({ full }) => !full);
  const missing = looks.filter(({ full }) => !full);
  const flaps = missing.slice(1).filter(({ atMs }, at) => atMs - (missing[at] as Look).atMs > steadyMs).length;
  return { down: down < 0 ? null : down, back: looks.findLastIndex(({ full }) => !full) + 1, flaps };
}
