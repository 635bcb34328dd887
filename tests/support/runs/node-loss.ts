import type { RecoveryFact, ReplacementFact } from '../../../src/model/facts.ts';
import { type ReplicaStep, replicaSteps } from '../../../src/model/sightings.ts';
import type { ReportInput } from '../../../src/report/report-input.ts';
import { withBounds } from '../test-drill.ts';
import { nodeLossCapacity } from './capacity.ts';
import { judged, passingRun } from './runs.ts';
import { at, injectedS, observedMs } from './shape.ts';

/**
 * A node was terminated at peak: its pods and the node itself came back, which this profile is too short to judge, and
 * no restart was a bug.
 */
export function nodeLossRun(because = 'i-0a1b2c3d4e5f60718 was terminated'): ReportInput {
  const { plan, facts } = passingRun();
  const fault = { kind: 'node-loss', summary: 'a node that serves checkout is terminated' };
  const [write, ...others] = facts.recovery;
  const [first, ...replicas] = write?.replicas ?? [];
  if (write === undefined || first === undefined) throw new Error('a replica is expected');
  const takenAway = { ...first, actualMs: null, takenAway: because };
  return judged(
    {
      ...plan,
      drill: 'node-loss',
      title: 'A node is lost at ten times the traffic',
      fault,
      objectives: {
        ...plan.objectives,
        recovery: [
          ...plan.objectives.recovery,
          ...(['pods', 'nodes'] as const).map((path) => ({ path, objectiveMs: 300_000 })),
        ],
        failures: [{ calls: 'reads', phases: ['fault'], maxFailedRatio: 0.01 }],
        sessions: { maxLost: 0 },
        restarts: { maxUnattributed: 0 },
      },
    },
    {
      ...facts,
      run: { ...facts.run, drill: 'node-loss' },
      fault: facts.fault && { ...facts.fault, kind: fault.kind, proof: 'the node is not ready' },
      recovery: [
        { ...write, replicas: [takenAway, ...replicas] },
        ...others,
        counted('pods', 11_286, 3, 5),
        counted('nodes', 13_286, 5, 6),
      ],
      capacity: nodeLossCapacity(because),
      replacements: [
        replacement(
          'api-7f9c-d4',
          'api-7f9c-a1',
          [-820, 20_300, 30_500, 30_610, 30_700, 31_500, 32_100, 37_100, 37_200, 37_500],
        ),
        replacement('api-7f9c-e5', 'api-7f9c-a2', [
          -820,
          20_300,
          30_500,
          30_640,
          30_720,
          31_900,
          32_800,
          null,
          null,
          null,
        ]),
        replacement('api-7f9c-f6', null, [null, null, null, 40_000, 40_100, 40_200, 40_300, 45_000, 45_100, null]),
      ],
      calls: [
        { calls: 'all', phase: 'fault', count: 19_200, failed: 131, robbedFailed: 0 },
        { calls: 'reads', phase: 'fault', count: 18_238, failed: 2, robbedFailed: 0 },
      ],
      sessions: { kept: 812, lost: 0, unanswered: 0 },
    },
  );
}

/** Pods or nodes that were fewer from 6.3 s after the injection, with two looks a second. */
const counted = (path: 'pods' | 'nodes', actualMs: number, least: number, before: number): RecoveryFact =>
  withBounds({
    path,
    outage: true,
    recovered: true,
    outageStartMs: at(injectedS + 6.286),
    outageEndMs: at(injectedS + actualMs / 1000),
    uncertaintyMs: 500,
    badMs: actualMs - 6_286,
    flaps: 0,
    serviceRestoredMs: actualMs,
    performanceRestoredMs: null,
    observedMs,
    phases: [],
    replicas: [],
    ready: { before, least },
    probes: 73,
    unserved: 10,
  });

/** A pod that came for another, or in addition. @param afterMs of each step; null: unknown */
const replacement = (pod: string, replaces: string | null, afterMs: (number | null)[]): ReplacementFact => ({
  pod,
  node: 'node-5',
  replaces,
  steps: replicaSteps.map((step, i) => stepOf(step, afterMs[i] ?? null)),
});

const stepOf = (step: ReplicaStep, afterMs: number | null): ReplacementFact['steps'][number] =>
  afterMs === null
    ? { step, afterMs, uncertaintyMs: null, source: null, because: 'not seen while the load was on' }
    : { step, afterMs, uncertaintyMs: 412.5, source: `told of ${step}`, because: null };
