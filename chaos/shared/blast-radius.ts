import type { ResolvedCounts } from '../../src/platform/fis.ts';

/** The remaining nodes must carry the load: no fault takes more than half of the nodes. */
const maxShare = 0.5;

/** A problem, in words, when a fault would take more nodes than it may. */
export function tooManyNodes(kind: string, taken: number, of: number): string[] {
  if (taken <= of * maxShare) return [];
  return [
    `${kind} would take ${taken} of ${of} nodes, more than its blast radius of half of them: ` +
      'nothing would be left to carry the load; drill it on a larger platform',
  ];
}

/** How many resources each target of an experiment may resolve to. */
export type BlastRadius = Record<string, { atLeast: number; atMost: number }>;

/** Problems, in words, of targets that resolve to nothing, or to more than they may. */
export function outside(blastRadius: BlastRadius, resolved: ResolvedCounts): string[] {
  return Object.entries(blastRadius).flatMap(([target, { atLeast, atMost }]) => {
    const count = resolved[target] ?? 0;
    if (count > atMost)
      return [`FIS resolves ${target} to ${count} resources, more than the blast radius of ${atMost}`];
    return count < atLeast ? [`FIS resolves ${target} to ${count || 'no'} resources, of ${atLeast} at the least`] : [];
  });
}
