import { quotaExceeded, validation } from './errors.ts';
import type { ActionBody } from './shapes.ts';

const mostInParallel = 10;

/** Throws unless every action can eventually start, and no more than ten start at once. */
export function checkOrder(actions: Record<string, ActionBody>): void {
  const placed = new Set<string>();
  for (const [name, { startAfter = [] }] of Object.entries(actions))
    for (const before of startAfter)
      if (!Object.hasOwn(actions, before))
        throw validation(`Action "${name}" starts after "${before}", which is not in the experiment template.`);

  while (placed.size < Object.keys(actions).length) {
    const next = Object.entries(actions)
      .filter(([name, { startAfter = [] }]) => !placed.has(name) && startAfter.every((before) => placed.has(before)))
      .map(([name]) => name);
    if (next.length === 0) {
      const stuck = Object.keys(actions).filter((name) => !placed.has(name));
      throw validation(`Actions wait for each other: ${stuck.join(', ')}.`);
    }
    if (next.length > mostInParallel)
      throw quotaExceeded(`An experiment can run ${mostInParallel} actions in parallel at most, not ${next.length}.`);
    for (const name of next) placed.add(name);
  }
}
