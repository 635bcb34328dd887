import type { RecoveryFact } from '../../../src/model/facts.ts';
import type { Finding, Verdict } from '../../../src/model/verdict.ts';
import type { ReportInput } from '../../../src/report/report-input.ts';
import { nodeLossCapacity } from './capacity.ts';
import { passingRun } from './runs.ts';
import { at, injectedS, iso } from './shape.ts';

/**
 * A node was terminated at peak: its pods and the node itself came back, which this profile is too short to judge, and no
 * restart was a bug.
 */
export function nodeLossRun(because = 'i-0a1b2c3d4e5f60718 was terminated'): ReportInput {
  const { plan, verdict, facts } = passingRun();
  if (facts === null) throw new Error('this run has facts');
  const fault = { kind: 'node-loss', summary: 'a node that serves checkout is terminated' };
  const [write] = verdict.recovery;
  if (write === undefined) throw new Error('this run recovered');
  const [first, ...others] = write.replicas;
  const replicas = first === undefined ? others : [{ ...first, actualMs: null, takenAway: because }, ...others];
  return {
    plan: {
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
      },
    },
    facts: {
      ...facts,
      recovery: [...facts.recovery, countedFact('pods', 11_286, 3, 5), countedFact('nodes', 13_286, 5, 6)],
      capacity: nodeLossCapacity(because),
      calls: [
        { calls: 'all', phase: 'fault', count: 19_200, failed: 131, robbedFailed: 0 },
        { calls: 'reads', phase: 'fault', count: 18_238, failed: 2, robbedFailed: 0 },
      ],
      sessions: { kept: 812, lost: 0, unanswered: 0 },
    },
    verdict: {
      ...verdict,
      drill: 'node-loss',
      fault: verdict.fault && { ...verdict.fault, kind: fault.kind },
      recovery: [
        { ...write, replicas },
        ...verdict.recovery.slice(1),
        counted('pods', 11_286),
        counted('nodes', 13_286),
      ],
      findings: [...verdict.findings, ...findings(because)],
    },
  };
}

const findings = (because: string): Finding[] => [
  toldRecovery('pods', 11.286),
  toldRecovery('nodes', 13.286),
  {
    id: 'failures.reads.fault',
    title: 'Failed reads during the fault',
    outcome: 'pass',
    message: '2 of 18,238 reads failed during the fault (0.01 %); at most 1 % may.',
    evidence: { count: 18_238, failed: 2, maxFailedRatio: 0.01 },
  },
  {
    id: 'sessions',
    title: 'Sessions kept',
    outcome: 'pass',
    message: '0 of 812 sessions looked for after the injection were lost; none may be.',
    evidence: { kept: 812, lost: 0, maxLost: 0 },
  },
  {
    id: 'restarts',
    title: 'Restarts attributed',
    outcome: 'pass',
    message: '2 pods ended while the load was on, 2 lost with their node; none may crash.',
    evidence: { ended: 2, nodeLost: 2, crashed: 0, ends: because },
  },
];

const toldRecovery = (path: 'pods' | 'nodes', actualS: number): Finding => ({
  id: `recovery.${path}`,
  title: `Recovery of ${path}`,
  outcome: null,
  message: `All ${path} were ready again ${actualS} s after the injection; it cannot be missed in the 37 s that this profile watches, so it is told and not judged.`,
  evidence: { actualMs: actualS * 1000, objectiveMs: 300_000 },
});

const actual = { uncertaintyMs: 500, badMs: 5_000, flaps: 0, performanceRestoredMs: null, phases: [], replicas: [] };

const counted = (path: 'pods' | 'nodes', actualMs: number): Verdict['recovery'][number] => ({
  path,
  objectiveMs: 300_000,
  actualMs,
  ...actual,
  outageStart: iso(injectedS + 6.286),
  outageEnd: iso(injectedS + actualMs / 1000),
  serviceRestoredMs: actualMs,
  outcome: null,
});

const countedFact = (path: 'pods' | 'nodes', actualMs: number, least: number, before: number): RecoveryFact => ({
  path,
  outage: true,
  recovered: true,
  outageStartMs: at(injectedS + 6.286),
  outageEndMs: at(injectedS + actualMs / 1000),
  ...actual,
  serviceRestoredMs: actualMs,
  serviceAtLeastMs: actualMs,
  performanceAtLeastMs: null,
  observedMs: 36_786,
  ready: { before, least },
  probes: 73,
  unserved: 10,
});
