import { type FaultEffect, writersZone } from '../model/fault.ts';
import type { Inventory } from '../model/target.ts';

/** What cannot be meant in a combination of faults, or could not be judged. Empty for a single one. */
export function contradictions(effects: readonly FaultEffect[], inventory: Inventory, afterFaultMs: number): string[] {
  const pairs = effects.flatMap((first, index) => effects.slice(index + 1).map((second) => [first, second] as const));
  return [
    ...effects.flatMap((effect) => tooLate(effect, afterFaultMs)),
    ...pairs.flatMap(([first, second]) => [...sameTwice(first, second), ...twoZonesOut(first, second)]),
    ...effects.flatMap((out) => effects.flatMap((other) => promotedInTheDark(out, other, inventory))),
  ];
}

const seconds = (ms: number) => `${ms / 1000} s`;

function tooLate({ kind, startsAfterMs }: FaultEffect, afterFaultMs: number): string[] {
  if (startsAfterMs < afterFaultMs) return [];
  return [
    `${kind} would start ${seconds(startsAfterMs)} after the first fault, when the load has ended: ` +
      `it stays on for ${seconds(afterFaultMs)}; start it earlier, or raise minAfterFaultMs`,
  ];
}

function sameTwice(first: FaultEffect, second: FaultEffect): string[] {
  if (first.kind !== second.kind || first.startsAfterMs !== second.startsAfterMs) return [];
  return [
    `${first.kind} is there twice at the same instant: its proof could not tell one from the other; stagger them`,
  ];
}

/** A quorum of three zones has lost its majority with the second one. */
function twoZonesOut(one: FaultEffect, other: FaultEffect): string[] {
  if (!one.zoneOut || !other.zoneOut) return [];
  const [first, second] = one.startsAfterMs <= other.startsAfterMs ? [one, other] : [other, one];
  const firstEndsMs = first.startsAfterMs + (first.zoneOut?.durationMs ?? 0);
  if (second.startsAfterMs >= firstEndsMs) return [];
  return [
    `two zones would be out at once, ${first.zoneOut?.zone} and ${second.zoneOut?.zone}: no promise covers that; ` +
      `start the second one ${seconds(firstEndsMs)} after the first, or leave it out`,
  ];
}

function promotedInTheDark(out: FaultEffect, other: FaultEffect, inventory: Inventory): string[] {
  if (!out.zoneOut || other.promotes === undefined || other.startsAfterMs < out.startsAfterMs) return [];
  const { zone, durationMs } = out.zoneOut;
  const promoted = inventory.databaseInstances.find(({ id }) => id === other.promotes);
  const ended = other.startsAfterMs >= out.startsAfterMs + durationMs;
  if (zone === writersZone || promoted?.zone !== zone || ended) return [];
  return [`${other.kind} is to promote ${other.promotes}, which is in ${zone}, the zone that is out; name another one`];
}
