import type { Way } from '../../src/model/fault.ts';
import { watchForEnd } from '../shared/pod-evidence.ts';
import { type HowMany, strikePods } from '../shared/strike-pods.ts';

/** Deletes the pods with a grace of 0. Proven when they are no longer there. */
export const byKubernetes = ({ kind, howMany }: { kind: string; howMany: HowMany }): Way =>
  strikePods({
    kind,
    howMany,
    rights: ['delete pods'],
    strike: ({ kubernetes }, { name }) => kubernetes.kill(name),
    watchFor: watchForEnd,
  });
