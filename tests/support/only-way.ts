import type { Fault, Way } from '../../src/model/fault.ts';

/** How a fault is done that can be done in one way alone. */
export function onlyWay({ kind, ways }: Fault): Way {
  const [way, ...others] = ways;
  if (way === undefined || others.length > 0) throw new Error(`${kind} has ${ways.length} ways`);
  return way;
}
