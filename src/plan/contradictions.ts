import { type FaultEffect, writersZone } from '../model/fault.ts';
import { wallMsOf } from '../model/span.ts';
import type { Inventory } from '../model/target.ts';

interface Clock {
  /** From the injection to the end of the load. */
  afterFaultMs: number;
  /** How much faster than production's the target's clock runs. */
  timeScale: number;
}

/** What cannot be meant in a combination of faults, or could not be judged. */
export function contradictions(
  effects: readonly FaultEffect[],
  inventory: Inventory,
  { afterFaultMs, timeScale }: Clock,
): string[] {
  const pairs = effects.flatMap((first, index) => effects.slice(index + 1).map((second) => [first, second] as const));
  return [
    ...effects.flatMap((effect) => tooLate(effect, afterFaultMs)),
    ...effects.flatMap((effect) => tooLong(effect, { afterFaultMs, timeScale })),
    ...pairs.flatMap(([first, second]) => [...sameTwice(first, second), ...twoZonesOut(first, second, timeScale)]),
    ...effects.flatMap((out) => effects.flatMap((other) => promotedInTheDark(out, other, inventory, timeScale))),
  ];
}

const endMsOf = ({ startsAfterMs, lasts = 0 }: FaultEffect, timeScale: number): number =>
  startsAfterMs + wallMsOf(lasts, timeScale);
const seconds = (ms: number) => `${ms / 1000} s`;

function tooLate({ kind, startsAfterMs }: FaultEffect, afterFaultMs: number): string[] {
  if (startsAfterMs < afterFaultMs) return [];
  return [
    `${kind} would start ${seconds(startsAfterMs)} after the first fault, when the load has ended ` +
      `(${seconds(afterFaultMs)} after it): start it earlier, or raise minAfterFaultMs`,
  ];
}

/** Nobody would feel the rest of it, and what comes after it could not be judged. */
function tooLong(effect: FaultEffect, { afterFaultMs, timeScale }: Clock): string[] {
  if (effect.lasts === undefined || effect.startsAfterMs >= afterFaultMs) return [];
  const endsMs = endMsOf(effect, timeScale);
  if (endsMs < afterFaultMs) return [];
  return [
    `${effect.kind}: the fault lasts ${seconds(endsMs)}, and the load ends ${seconds(afterFaultMs)} after the injection: ` +
      'make it shorter, or raise minAfterFaultMs',
  ];
}

function sameTwice(first: FaultEffect, second: FaultEffect): string[] {
  if (first.kind !== second.kind || first.startsAfterMs !== second.startsAfterMs) return [];
  return [`${first.kind} is there twice at the same instant, and its proof could not tell them apart: stagger them`];
}

/** A quorum of three zones has lost its majority with the second one. */
function twoZonesOut(one: FaultEffect, other: FaultEffect, timeScale: number): string[] {
  if (!one.zoneOut || !other.zoneOut) return [];
  const [first, second] = one.startsAfterMs <= other.startsAfterMs ? [one, other] : [other, one];
  const firstEndsMs = endMsOf(first, timeScale);
  if (second.startsAfterMs >= firstEndsMs) return [];
  return [
    `two zones would be out at once, ${first.zoneOut} and ${second.zoneOut}: no promise covers that; ` +
      `start the second one ${seconds(firstEndsMs)} after the first, or leave it out`,
  ];
}

function promotedInTheDark(out: FaultEffect, other: FaultEffect, inventory: Inventory, timeScale: number): string[] {
  if (!out.zoneOut || other.promotes === undefined || other.startsAfterMs < out.startsAfterMs) return [];
  const zone = out.zoneOut;
  const promoted = inventory.databaseInstances.find(({ id }) => id === other.promotes);
  const ended = other.startsAfterMs >= endMsOf(out, timeScale);
  if (zone === writersZone || promoted?.zone !== zone || ended) return [];
  return [`${other.kind} would promote ${other.promotes} in ${zone}, the zone that is out: name another instance`];
}
