import type { Drill } from '../../src/model/drill.ts';
import { promises } from '../objectives/promises.ts';

/** Not among the drills: it breaks nothing, and its load goes up until something gives way. */
export const capacityDrill: Drill = {
  name: 'capacity',
  title: 'The traffic goes up in steps until something gives way',
  why: 'Ten times the traffic that is carried today may be all that is carried: what comes next is known before it comes.',
  fault: null,
  objectives: { ...promises, recovery: [] },
};
