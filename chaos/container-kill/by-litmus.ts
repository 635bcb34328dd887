import type { LitmusRun } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { aimAtPods, oneServingContainer } from '../shared/aim-at-pods.ts';
import { byExperimentOfLitmus, litmusTarget } from '../shared/custom-resource-way.ts';
import { watchForRestart } from '../shared/pod-evidence.ts';
import type { HowMany } from '../shared/strike-pods.ts';

/**
 * The experiment container-kill sends SIGKILL to the containers that serve, by the runtime of their nodes. Proven when they have been
 * started again.
 */
export const byLitmus = (strike: { kind: string; howMany: HowMany }): Way =>
  byExperimentOfLitmus({
    kind: strike.kind,
    requires: ['node-inventory'],
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => ({
        order: killContainer(pods, oneServingContainer(on, pods)),
        looks: pods.map((pod) => watchForRestart(on, { name: pod })),
      })),
  });

/** The experiment that kills a container of pods, once. */
export const killContainer = (pods: readonly string[], container: string): LitmusRun => ({
  experiment: 'container-kill',
  variables: {
    ...litmusTarget({ pods, container, lastsMs: 1_000 }),
    CHAOS_INTERVAL: '1',
    SIGNAL: 'SIGKILL',
  },
});
