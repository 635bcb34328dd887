import type { LitmusRun } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import type { MemoryPressure } from '../memory-pressure.ts';
import { oneServingContainer } from '../shared/aim-at-pods.ts';
import { byExperimentOfLitmus, litmusTarget } from '../shared/custom-resource-way.ts';
import { aimAtMemory } from '../shared/stressed-pods.ts';

/**
 * The experiment pod-memory-hog runs stress-ng in the cgroups of the containers that serve. It takes as much in each of them: what the
 * fullest one has left to the share. Proven by what the kernel says is in use.
 */
export const byLitmus = ({ share, lastsMs, ...strike }: MemoryPressure & { kind: string }): Way =>
  byExperimentOfLitmus({
    kind: strike.kind,
    requires: ['node-inventory'],
    rights: execRights,
    lasts: lastsMs,
    aim: (on) =>
      aimAtMemory(strike, on, share, (pods, mebibytes) =>
        hogMemory({ pods, container: oneServingContainer(on, pods), lastsMs }, mebibytes),
      ),
  });

/** The experiment that takes memory in a container of pods. */
export const hogMemory = (target: Parameters<typeof litmusTarget>[0], mebibytes: number): LitmusRun => ({
  experiment: 'pod-memory-hog',
  variables: { ...litmusTarget(target), MEMORY_CONSUMPTION: String(mebibytes), NUMBER_OF_WORKERS: '1' },
});
