import type { LitmusRun } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { execRights } from '../../src/platform/kubernetes/exec-rights.ts';
import type { CpuPressure } from '../cpu-pressure.ts';
import { aimAtPods, oneServingContainer } from '../shared/aim-at-pods.ts';
import { byExperimentOfLitmus, litmusTarget } from '../shared/custom-resource-way.ts';
import { watchStress } from '../shared/stressed-pods.ts';

/** The experiment pod-cpu-hog runs stress-ng in the cgroups of the containers that serve. Proven by the CPU time that it has used there. */
export const byLitmus = ({ cores, lastsMs, ...strike }: CpuPressure & { kind: string }): Way =>
  byExperimentOfLitmus({
    kind: strike.kind,
    requires: ['node-inventory'],
    rights: execRights,
    lasts: lastsMs,
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => ({
        order: hogCpu({ pods, container: oneServingContainer(on, pods), lastsMs }, cores),
        looks: await Promise.all(pods.map((pod) => watchStress(on, pod))),
      })),
  });

/** The experiment that keeps cores busy in a container of pods. */
export const hogCpu = (target: Parameters<typeof litmusTarget>[0], cores: number): LitmusRun => ({
  experiment: 'pod-cpu-hog',
  variables: { ...litmusTarget(target), CPU_CORES: String(cores), CPU_LOAD: '100' },
});
