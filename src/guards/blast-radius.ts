import type { Guard } from './guarded.ts';

/** No fault hits more of a kind than what is left can stand in for. */
export const blastRadius: Guard = ({ hits, guards, isHere }) => {
  const guard = 'blast radius';
  if (hits.length === 0) return undefined;
  const unknown = hits.some(({ count, of }) => count === null || of === null);
  if (unknown && isHere) return { guard, allows: true, message: 'not known; all of it is on this machine' };
  if (unknown)
    return {
      guard,
      allows: false,
      message: 'nobody said what the commands of this fault hit',
      remedy: "say it: fault: { hits: [{ kind: 'replica', which: 'shop-1', count: 1, of: 3 }] }",
    };
  const tooMany = hits.filter(({ count, of }) => (count ?? 0) > (of ?? 0) * guards.maxHitShare);
  const most = `${Math.round(guards.maxHitShare * 100)} %`;
  if (tooMany.length === 0) return { guard, allows: true, message: `at most ${most} of each kind` };
  return {
    guard,
    allows: false,
    message: tooMany
      .map(
        ({ kind, count, of }) => `it would hit ${count} of ${of} of the kind ${kind}, and at most ${most} are allowed`,
      )
      .join('; '),
    remedy: 'hit fewer, or raise guards.maxHitShare if what is left can do without them',
  };
};
