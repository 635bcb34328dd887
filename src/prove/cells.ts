import type { Protection } from '../model/protection.ts';
import { guardedBy } from './catalogue.ts';

/** A run that a matrix needs: a drill on the whole platform, or without one protection that it guards. */
export interface Cell {
  drill: string;
  without: string | null;
  finding: string | null;
}

/** The runs that prove these drills, each drill's whole platform first. */
export function cellsOf(drills: readonly string[], protections: readonly Protection[]): Cell[] {
  return drills.flatMap((drill) => [
    { drill, without: null, finding: null },
    ...guardedBy(protections, drill).map(({ name, finding }) => ({ drill, without: name, finding })),
  ]);
}

/** A cell in words: node-loss on the whole platform, node-loss without session-store. */
export const nameOf = ({ drill, without }: Pick<Cell, 'drill' | 'without'>): string =>
  without === null ? `${drill} on the whole platform` : `${drill} without ${without}`;
