import type { Phase } from '../model/objectives.ts';

/** A phase as reports name it: without a fault there is nothing to recover from. */
export const phaseName = (phase: Phase, hasFault: boolean): string =>
  phase === 'recovered' && !hasFault ? 'after peak' : phase;
