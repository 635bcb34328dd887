import type { CapacitySample, RecoveryFact } from '../model/facts.ts';
import { lastBefore } from './capacity.ts';
import { intervalOf } from './lane-probes.ts';
import { steadyMs } from './outage.ts';

/** A path that is counted, not probed. */
export type CountedPath = 'pods' | 'nodes';

/** Ready and wanted at one look. */
interface Look {
  atMs: number;
  ready: number;
  /** As many as before the injection, or as are wanted by now where that is less. */
  full: boolean;
}

/**
 * When there were as many ready pods or nodes again as just before an injection, by the rules of outage.ts: for three
 * seconds without a look that shows fewer; two such looks in a row open the outage again. What autoscaling no longer wants is not
 * missed. null when it was not looked at just before or after.
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
  const { down, back, flaps } = outageOf(looks, endMs);
  const backMs = back === null ? null : (looks[back]?.atMs as number);
  const sinceLookBefore = back === null ? 0 : (backMs as number) - (looks[back - 1]?.atMs ?? injectedAtMs);
  return {
    path,
    outage: down !== null,
    recovered: back !== null,
    outageStartMs: down === null ? null : (looks[down]?.atMs as number),
    outageEndMs: down === null ? null : backMs,
    uncertaintyMs: down === null ? intervalMs : Math.max(intervalMs, sinceLookBefore),
    badMs: looks.filter(({ full }) => !full).length * intervalMs,
    flaps,
    serviceRestoredMs: backMs === null ? null : down === null ? 0 : backMs - injectedAtMs,
    performanceRestoredMs: null,
    observedMs: endMs - injectedAtMs,
    phases: [],
    replicas: [],
    ready: { before: countOf(path, before).ready, least: Math.min(...looks.map(({ ready }) => ready)) },
    probes: looks.length,
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

/** Indices of the first look that shows too few, and of the one that is full for good. */
function outageOf(looks: Look[], endMs: number): { down: number | null; back: number | null; flaps: number } {
  const down = looks.findIndex(({ full }) => !full);
  let back = firstSteady(looks, endMs, Math.max(0, down));
  let flaps = 0;
  for (let again = reopening(looks, back); again !== null; again = reopening(looks, back)) {
    flaps += 1;
    back = firstSteady(looks, endMs, again);
  }
  return { down: down < 0 ? null : down, back, flaps };
}

function firstSteady(looks: Look[], endMs: number, from: number): number | null {
  const index = looks.findIndex(({ atMs }, at) => {
    const followed = at >= from && atMs + steadyMs <= endMs;
    return followed && looks.slice(at).every((look) => look.full || look.atMs >= atMs + steadyMs);
  });
  return index < 0 ? null : index;
}

function reopening(looks: Look[], back: number | null): number | null {
  if (back === null) return null;
  const index = looks.findIndex(({ full }, at) => at > back && !full && looks[at + 1]?.full === false);
  return index < 0 ? null : index;
}
