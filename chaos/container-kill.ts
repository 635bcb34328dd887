import type { Fault } from '../src/model/fault.ts';
import { byChaosMesh } from './container-kill/by-chaos-mesh.ts';
import { byKubernetes } from './container-kill/by-kubernetes.ts';
import { byLitmus } from './container-kill/by-litmus.ts';
import { type HowMany, howManyWords, podHits, podProblems } from './shared/strike-pods.ts';

const kind = 'container-kill';

/** The program that serves ends in pods of the shop; the pods stay, and their kubelets start it again. */
export const containerKill = (howMany: HowMany): Fault => ({
  kind,
  summary: `the containers of ${howManyWords(howMany)} end at once`,
  effects: [{ kind, startsAfterMs: 0 }],
  hits: (inventory) => podHits(inventory, howMany),
  problems: (inventory) => podProblems(kind, inventory, howMany),
  ways: [byKubernetes, byChaosMesh, byLitmus].map((by) => by({ kind, howMany })),
});
