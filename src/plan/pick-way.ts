import type { Capability } from '../model/capabilities.ts';
import type { Fault, PickedFault, Way } from '../model/fault.ts';
import type { Plan } from '../model/plan.ts';
import type { Target } from '../model/target.ts';

/**
 * The way that a fault is done on a target: the one that was asked for, or the first of which the target has all that it requires.
 * Where it has all of none, the first, whose missing capabilities are to be told.
 */
export function pickWay({ ways }: Fault, { capabilities }: Pick<Target, 'capabilities'>, asked?: string): Way {
  const isThere = (capability: Capability) => capabilities.has(capability);
  const picked =
    ways.find(({ name }) => name === asked) ?? ways.find(({ requires }) => requires.every(isThere)) ?? ways[0];
  return picked as Way;
}

/** What is wrong, in words, with a way that was asked for. */
export function unknownWay(fault: Pick<Fault, 'kind' | 'ways'> | null, asked?: string): string[] {
  if (asked === undefined) return [];
  if (fault === null) return [`--way ${asked} is for a fault, and this drill injects none`];
  const names = fault.ways.map(({ name }) => name);
  return names.includes(asked)
    ? []
    : [`${fault.kind} cannot be injected by ${asked}; its ways are ${names.join(', ')}`];
}

/** The rights that a target's faults need besides those of their ways. */
export type TargetRights = Pick<Target, 'failoverRights' | 'rightsWithout'>;

/** What a way of a fault needs to be allowed to do on a target. @param without protections that are off */
export const rightsOf = (
  { way }: PickedFault,
  { failoverRights = [], rightsWithout = {} }: TargetRights,
  without: readonly string[],
): string[] => [
  ...way.rights,
  ...(way.failsOver ? failoverRights : []),
  ...without.flatMap((protection) => rightsWithout[protection] ?? []),
];

/** The same of a fault that is not planned yet, by the way that would be picked. */
export function rightsAskedFor(
  fault: Fault | null,
  target: Pick<Target, 'capabilities'> & TargetRights,
  { way, without }: { way?: string | undefined; without: readonly string[] },
): string[] {
  if (fault === null) return [];
  return rightsOf({ kind: fault.kind, way: pickWay(fault, target, way) }, target, without);
}

/** What a plan does of its drill's fault; null where it injects nothing. */
export function pickedFault(fault: Fault | null, plan: Pick<Plan, 'fault'>): PickedFault | null {
  if (fault === null) return null;
  const way = fault.ways.find(({ name }) => name === plan.fault?.way);
  if (way === undefined) throw new Error(`the plan has no way of ${fault.kind}`);
  return { kind: fault.kind, way };
}
