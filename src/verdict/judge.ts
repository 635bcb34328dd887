import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type Verdict, verdictSchema, worst } from '../model/verdict.ts';
import { judgeAutoscaling } from './judge-autoscaling.ts';
import { judgeAvailability } from './judge-availability.ts';
import { judgeErrorBudget } from './judge-error-budget.ts';
import { judgeFailures } from './judge-failures.ts';
import { judgeFault } from './judge-fault.ts';
import { judgeHost } from './judge-host.ts';
import { judgeLatency } from './judge-latency.ts';
import { judgeOrders } from './judge-orders.ts';
import { judgePeak } from './judge-peak.ts';
import { judgeProblems } from './judge-problems.ts';
import { judgeRecovery } from './judge-recovery.ts';
import { judgeRefusal } from './judge-refusal.ts';
import { judgeRestarts } from './judge-restarts.ts';
import { judgeRun } from './judge-run.ts';
import { judgeSessions } from './judge-sessions.ts';
import { judgeUntouched } from './judge-untouched.ts';
import { iso, isoOrNull, round3OrNull } from './words.ts';

/** Facts and objectives to the verdict: its worst finding. The same facts give the byte-same verdict; keys stand in the schema's order. */
export function judge(facts: Facts, plan: Plan): Verdict {
  const recovery = judgeRecovery(facts, plan);
  const latency = judgeLatency(facts, plan);
  const orders = judgeOrders(facts);
  const errorBudget = judgeErrorBudget(facts, plan);
  const findings = [
    ...judgeRun(facts),
    judgePeak(facts, plan),
    ...judgeFault(facts, plan),
    ...recovery.findings,
    ...latency.findings,
    ...judgeFailures(facts, plan),
    ...judgeRefusal(facts, plan),
    ...orders.findings,
    ...judgeSessions(facts, plan),
    ...judgeAutoscaling(facts, plan),
    ...judgeAvailability(facts, plan),
    ...judgeRestarts(facts, plan),
    ...judgeUntouched(facts, plan),
    errorBudget.finding,
    judgeHost(facts),
    ...judgeProblems(facts),
  ];
  return verdictSchema.parse({
    schemaVersion: 1,
    drill: facts.run.drill,
    runId: facts.run.runId,
    target: facts.run.target,
    profile: plan.profile.name,
    command: facts.run.command,
    status: facts.run.status,
    outcome: worst(findings.map(({ outcome }) => outcome)),
    startedAt: iso(facts.run.startedAtMs),
    finishedAt: isoOrNull(facts.run.finishedAtMs),
    environment: facts.run.environment,
    load: loadOf(facts, plan),
    fault: faultOf(facts),
    recovery: recovery.rows,
    latency: latency.rows,
    orders: orders.row,
    errorBudget: errorBudget.row,
    findings,
  } satisfies Verdict);
}

function loadOf({ load }: Facts, plan: Plan): Verdict['load'] {
  return {
    baselineRatePerSecond: round3OrNull(load.baselineRatePerSecond),
    peakRatePerSecond: round3OrNull(load.peakRatePerSecond),
    plannedPeakRatePerSecond: plan.peakRatePerSecond,
    peakProvenAt: isoOrNull(load.peakProvenAtMs),
    dropped: load.dropped,
    generator: load.generator,
  };
}

function faultOf({ fault }: Facts): Verdict['fault'] {
  return fault === null
    ? null
    : {
        kind: fault.kind,
        injectedAt: isoOrNull(fault.injectedAtMs),
        provenAt: isoOrNull(fault.provenAtMs),
        revertedAt: isoOrNull(fault.revertedAtMs),
        proof: fault.proof,
      };
}
