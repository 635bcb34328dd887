import type { Fault } from '../src/model/fault.ts';
import { byChaosMesh } from './memory-pressure/by-chaos-mesh.ts';
import { byKubernetes } from './memory-pressure/by-kubernetes.ts';
import { byLitmus } from './memory-pressure/by-litmus.ts';
import { lastingProblems } from './shared/lasting.ts';
import { type HowMany, howManyWords, podHits, podProblems } from './shared/strike-pods.ts';

const kind = 'memory-pressure';
/** More would be an out-of-memory kill, and no pressure. */
const mostShare = 0.95;

export interface MemoryPressure {
  howMany: HowMany;
  /** How much of its limit a container then uses, with what it used before: at most 0.95. */
  share: number;
  /** By the wall clock. */
  lastsMs: number;
}

/** Memory of the container is taken until so much of its limit is in use. A container without a limit is refused: it would be the node's. */
export const memoryPressure = ({ howMany, share, lastsMs }: MemoryPressure): Fault => ({
  kind,
  summary: `in ${howManyWords(howMany)} ${Math.round(share * 100)} % of the memory is in use for ${lastsMs / 1000} s`,
  effects: [{ kind, startsAfterMs: 0, lasts: lastsMs }],
  hits: (inventory) => podHits(inventory, howMany),
  problems: (inventory) => [
    ...(share > 0 && share <= mostShare
      ? []
      : [`${kind} takes a share of the memory limit above 0 and at most ${mostShare}: ${share} is neither`]),
    ...lastingProblems(kind, lastsMs),
    ...podProblems(kind, inventory, howMany),
  ],
  ways: [byKubernetes, byChaosMesh, byLitmus].map((by) => by({ kind, howMany, share, lastsMs })),
});
