import { basename, dirname, resolve } from 'node:path';
import type { Observation } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment } from '../model/verdict.ts';
import { markAt, ofKind } from './observations.ts';

const unknownEnvironment: Environment = {
  commit: null,
  dirty: null,
  versions: {},
  scale: 'unknown',
  fidelity: [],
  fingerprint: 'unknown',
};

/** Which run this is and how it ended. A run that did not say how it ended has crashed. */
export function runFacts(folder: string, observations: Observation[], plan: Plan, startedAtMs: number): Facts['run'] {
  const started = ofKind(observations, 'run-started')[0];
  const environment = ofKind(observations, 'environment').at(-1)?.environment ?? started?.environment;
  const finished = ofKind(observations, 'run-finished').at(-1);
  return {
    drill: started?.drill ?? plan.drill,
    // A run's folder is named after it: what is left when its observations are lost.
    runId: started?.runId ?? basename(dirname(resolve(folder))),
    target: started?.target ?? plan.target,
    command: started?.command ?? 'unknown',
    status: finished?.status ?? 'crashed',
    reason: finished === undefined ? 'it left no word of how it ended' : finished.reason,
    startedAtMs: started?.atMs ?? startedAtMs,
    finishedAtMs: finished?.atMs ?? null,
    environment: environment ?? unknownEnvironment,
  };
}

/** What broke, when, and what proved it; null when nothing was injected. */
export function faultFacts(observations: Observation[]): Facts['fault'] {
  const faults = ofKind(observations, 'fault');
  const first = faults[0];
  if (first === undefined) return null;
  const at = (state: (typeof first)['state']) => faults.find((fault) => fault.state === state)?.atMs ?? null;
  const tried = faults.find(({ state }) => state === 'proven' || state === 'not-proven');
  const [provenAtMs, injectedAtMs, loadEndMs] = [at('proven'), at('injected'), markAt(observations, 'load-end')];
  // What holds before a fault does not show that it bit.
  const isEarly = provenAtMs !== null && injectedAtMs !== null && provenAtMs < injectedAtMs;
  // Then nobody shopped any more: nothing was withstood.
  const isLate = provenAtMs !== null && loadEndMs !== null && provenAtMs > loadEndMs;
  return {
    kind: first.fault,
    injectedAtMs,
    provenAtMs: isLate || isEarly ? null : provenAtMs,
    revertedAtMs: at('reverted'),
    proof: isEarly
      ? `${tried?.detail ?? 'proven'}, but before the injection`
      : isLate
        ? lateProof(provenAtMs - loadEndMs, tried?.detail)
        : (tried?.detail ?? null),
  };
}

const lateProof = (lateMs: number, detail = 'proven'): string =>
  `${detail}, but only ${(lateMs / 1_000).toFixed(1)} s after the load had ended`;
