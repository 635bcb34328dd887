import type { Fault, Way } from '../../src/model/fault.ts';

/** The way of a fault that has only one. */
export function onlyWay({ kind, ways }: Fault): Way {
  const [way, ...others] = ways;
  if (way === undefined || others.length > 0) throw new Error(`${kind} has ${ways.length} ways`);
  return way;
}
