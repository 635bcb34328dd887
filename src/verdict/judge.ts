import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type Finding, type Verdict, verdictSchema, worst } from '../model/verdict.ts';
import { guarded } from './guard.ts';
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

/** Of a row whose checker failed. */
const outcome = 'inconclusive' as const;

/** Facts and objectives to the verdict: its worst finding. The same facts give the byte-same verdict; keys stand in the schema's order. */
export function judge(facts: Facts, plan: Plan): Verdict {
  const recovery = guarded(
    'recovery',
    'Recovery',
    () => judgeRecovery(facts, plan),
    (finding) => ({ rows: [], findings: [finding] }),
  );
  const latency = guarded(
    'latency',
    'Latency',
    () => judgeLatency(facts, plan),
    (finding) => ({ rows: [], findings: [finding] }),
  );
  const orders = guarded(
    'orders',
    'Orders',
    () => judgeOrders(facts, plan),
    (finding) => ({ row: { ...judgeOrders({ ...facts, orders: null }, plan).row, outcome }, findings: [finding] }),
  );
  const errorBudget = guarded(
    'error-budget',
    'Error budget',
    () => judgeErrorBudget(facts, plan),
    (finding) => ({ row: { ...judgeErrorBudget({ ...facts, events: null, series: [] }, plan).row, outcome }, finding }),
  );
  const all = (id: string, title: string, check: () => Finding[]) => guarded(id, title, check, (finding) => [finding]);
  const findings = [
    ...all('run', 'Run completed', () => judgeRun(facts)),
    ...all('peak-reached', 'Peak reached', () => [judgePeak(facts, plan)]),
    ...all('fault-bit', 'Fault bit', () => judgeFault(facts, plan)),
    ...recovery.findings,
    ...latency.findings,
    ...all('failures', 'Failed calls', () => judgeFailures(facts, plan)),
    ...all('refusal', 'Refused writes', () => judgeRefusal(facts, plan)),
    ...orders.findings,
    ...all('sessions', 'Sessions', () => judgeSessions(facts, plan)),
    ...all('autoscaling', 'Autoscaling lag', () => judgeAutoscaling(facts, plan)),
    ...all('pods-available', 'Pods available', () => judgeAvailability(facts, plan)),
    ...all('restarts', 'Restarts', () => judgeRestarts(facts, plan)),
    ...all('untouched', 'Untouched', () => judgeUntouched(facts, plan)),
    errorBudget.finding,
    ...all('host', 'Host kept up', () => [judgeHost(facts, plan)]),
    ...all('evidence', 'Evidence', () => judgeProblems(facts)),
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
