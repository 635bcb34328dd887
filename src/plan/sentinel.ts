import { type Fault, writersZone } from '../model/fault.ts';
import type { Plan, SentinelWish } from '../model/plan.ts';
import type { Inventory } from '../model/target.ts';

/** What is wrong, in words, with the zone that a sentinel is wanted in. */
export function unknownZone(wish: SentinelWish | undefined, { zones }: Pick<Inventory, 'zones'>): string[] {
  const zone = wish?.zone;
  if (zone == null || zones.includes(zone)) return [];
  return [
    `there is no zone ${zone} for the sentinel: ${zones.length === 0 ? 'no zone is known' : `there are ${zones.join(', ')}`}`,
  ];
}

/** Where the sentinel runs, and whether the fault may take it along. */
export function plannedSentinel(
  { zone }: SentinelWish,
  fault: Fault | null,
  inventory: Inventory,
): NonNullable<Plan['sentinel']> {
  const atRisk = fault === null ? undefined : riskOf(zone, fault, inventory);
  return { zone, ...(atRisk !== undefined && { atRisk }) };
}

/** A zone that goes dark is known by its name, if it is named; which nodes are hit, only once the platform is up. */
function riskOf(zone: string | null, { kind, effects, hits }: Fault, inventory: Inventory): string | undefined {
  const zonesOut = effects.map(({ zoneOut }) => zoneOut);
  if (zone !== null && zonesOut.includes(zone)) return `${kind} takes zone ${zone}, and the sentinel with it`;
  const goesElsewhere = zonesOut.every((out) => out !== undefined && out !== writersZone);
  const places = hits(inventory).filter((hit) => hit.kind === 'node' || hit.kind === 'zone');
  if (places.length === 0 || (zone !== null && goesElsewhere)) return undefined;
  return `${kind} may take the sentinel's own ${places.map((hit) => hit.kind).join(' or ')}`;
}
