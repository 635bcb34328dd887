import type { Fault } from '../src/model/fault.ts';
import { byChaosMesh } from './pod-kill/by-chaos-mesh.ts';
import { byKubernetes } from './pod-kill/by-kubernetes.ts';
import { byLitmus } from './pod-kill/by-litmus.ts';
import { type HowMany, howManyWords, podHits, podProblems } from './shared/strike-pods.ts';

const kind = 'pod-kill';

/** Pods of the shop are deleted without any grace: nothing is finished, nobody is told. */
export const podKill = (howMany: HowMany): Fault => ({
  kind,
  summary: `${howManyWords(howMany)} are killed at once`,
  effects: [{ kind, startsAfterMs: 0 }],
  hits: (inventory) => podHits(inventory, howMany),
  problems: (inventory) => podProblems(kind, inventory, howMany),
  ways: [byKubernetes, byChaosMesh, byLitmus].map((by) => by({ kind, howMany })),
});
