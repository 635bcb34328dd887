import type { LitmusRun } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import { aimAtPods } from '../shared/aim-at-pods.ts';
import { byExperimentOfLitmus } from '../shared/custom-resource-way.ts';
import { watchForEnd } from '../shared/pod-evidence.ts';
import type { HowMany } from '../shared/strike-pods.ts';

/** The experiment pod-delete deletes the pods with a grace of 0. Proven when they are no longer there. */
export const byLitmus = (strike: { kind: string; howMany: HowMany }): Way =>
  byExperimentOfLitmus({
    kind: strike.kind,
    requires: ['node-inventory'],
    aim: (on) =>
      aimAtPods(strike, on, async (pods) => ({
        order: deletePods(pods),
        looks: pods.map((pod) => watchForEnd(on, { name: pod })),
      })),
  });

/** The experiment that deletes pods, once: after an interval of its whole duration it looks for no others. */
export const deletePods = (pods: readonly string[]): LitmusRun => ({
  experiment: 'pod-delete',
  variables: {
    TARGET_PODS: pods.join(','),
    FORCE: 'true',
    SEQUENCE: 'parallel',
    TOTAL_CHAOS_DURATION: '1',
    CHAOS_INTERVAL: '1',
  },
});
