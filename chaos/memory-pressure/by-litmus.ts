import type { LitmusRun } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { aimAtPods, oneServingContainer } from '../shared/aim-at-pods.ts';
import { byExperimentOfLitmus, execRights, litmusTarget } from '../shared/custom-resource-way.ts';
import { memoryToTake, watchMemory } from '../shared/stressed-pods.ts';
import type { HowMany } from '../shared/strike-pods.ts';

interface Memory {
  kind: string;
  howMany: HowMany;
  share: number;
  lastsMs: number;
}

/**
 * The experiment pod-memory-hog runs stress-ng in the cgroups of the containers that serve. It takes as much in each of them: what the
 * fullest one has left to the share. Proven by what the kernel says is in use.
 */
export const byLitmus = ({ share, lastsMs, ...strike }: Memory): Way =>
  byExperimentOfLitmus({
    kind: strike.kind,
    requires: ['node-inventory'],
    rights: execRights,
    lasts: lastsMs,
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => {
        const mebibytes = await memoryToTake(on, pods, share);
        if (typeof mebibytes === 'string') return mebibytes;
        return {
          order: hogMemory({ pods, container: oneServingContainer(on, pods), lastsMs }, mebibytes),
          looks: pods.map((pod) => watchMemory(on, pod, share)),
        };
      }),
  });

/** The experiment that takes memory in a container of pods. */
export const hogMemory = (target: Parameters<typeof litmusTarget>[0], mebibytes: number): LitmusRun => ({
  experiment: 'pod-memory-hog',
  variables: { ...litmusTarget(target), MEMORY_CONSUMPTION: String(mebibytes), NUMBER_OF_WORKERS: '1' },
});
