import type { Fault } from '../src/model/fault.ts';
import { byChaosMesh } from './cpu-pressure/by-chaos-mesh.ts';
import { byKubernetes } from './cpu-pressure/by-kubernetes.ts';
import { byLitmus } from './cpu-pressure/by-litmus.ts';
import { lastingProblems } from './shared/lasting.ts';
import { type HowMany, howManyWords, podHits, podProblems } from './shared/strike-pods.ts';

const kind = 'cpu-pressure';
const mostCores = 64;

export interface CpuPressure {
  howMany: HowMany;
  /** How many cores each of the pods has to do without, where nothing limits what it may take. */
  cores: number;
  /** By the wall clock. */
  lastsMs: number;
}

/** Something else in the container takes CPU, as a batch job does that somebody has put into a shop's process. */
export const cpuPressure = ({ howMany, cores, lastsMs }: CpuPressure): Fault => ({
  kind,
  summary: `in ${howManyWords(howMany)} ${cores === 1 ? 'a core is' : `${cores} cores are`} kept busy for ${lastsMs / 1000} s`,
  effects: [{ kind, startsAfterMs: 0, lasts: lastsMs }],
  hits: (inventory) => podHits(inventory, howMany),
  problems: (inventory) => [
    ...(Number.isInteger(cores) && cores > 0 && cores <= mostCores
      ? []
      : [`${kind} takes whole cores, from 1 to ${mostCores}: ${cores} is not`]),
    ...lastingProblems(kind, lastsMs),
    ...podProblems(kind, inventory, howMany),
  ],
  ways: [byKubernetes, byChaosMesh, byLitmus].map((by) => by({ kind, howMany, cores, lastsMs })),
});
