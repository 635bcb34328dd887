import type { Facts, LaneFact, LatencyFact, Percentile, RecoveryFact, ReplacementFact } from '../model/facts.ts';
import type { Objectives } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import { type Finding, type Outcome, type Verdict, worst } from '../model/verdict.ts';
import { budgetId, burnedRatio, isOpen, promisedPaths } from './judge-error-budget.ts';
import { latencyId } from './judge-latency.ts';
import { actualOf, recoveryObjectives } from './judge-recovery.ts';
import { isoOrNull, round3, round3OrNull } from './words.ts';

/* The tables of a verdict: facts in plain units, each beside the outcome of the finding that judged it. */

const outcomeOf = (findings: readonly Finding[], id: string, otherwise: Outcome | null = null): Outcome | null => {
  const finding = findings.find((one) => one.id === id);
  return finding === undefined ? otherwise : finding.outcome;
};

/** A row without a finding of its own means that its checker failed. */
export const recoveryRows = (facts: Facts, plan: Plan, findings: readonly Finding[]): Verdict['recovery'] =>
  recoveryObjectives(plan).map((objective) =>
    recoveryRow(
      objective,
      facts.recovery.find(({ path }) => path === objective.path),
      outcomeOf(findings, `recovery.${objective.path}`, 'inconclusive'),
    ),
  );

export const replacementRows = (facts: readonly ReplacementFact[]): Verdict['replacements'] =>
  facts.map(({ steps, ...fact }) => ({
    ...fact,
    steps: steps.map(({ step, afterMs, uncertaintyMs, source, because }) => ({
      step,
      afterMs: round3OrNull(afterMs),
      uncertaintyMs: round3OrNull(uncertaintyMs),
      source,
      because,
    })),
  }));

export const latencyRows = (facts: Facts, findings: readonly Finding[]): Verdict['latency'] =>
  facts.latency.map((fact) => latencyRow(fact, outcomeOf(findings, latencyId(fact))));

const rounded = (value: Percentile): Percentile => (typeof value === 'number' ? round3(value) : value);

function latencyRow(fact: LatencyFact, outcome: Outcome | null): Verdict['latency'][number] {
  const { path, phase, count, bad, limitMs, succeeded, robbed } = fact;
  return {
    path,
    phase,
    count,
    bad,
    limitMs: round3(limitMs),
    p50Ms: rounded(fact.p50Ms),
    p95Ms: rounded(fact.p95Ms),
    p99Ms: rounded(fact.p99Ms),
    p999Ms: rounded(fact.p999Ms),
    p99LowMs: rounded(fact.p99LowMs),
    p99HighMs: rounded(fact.p99HighMs),
    succeeded: {
      count: succeeded.count,
      p50Ms: round3OrNull(succeeded.p50Ms),
      p99Ms: round3OrNull(succeeded.p99Ms),
    },
    robbed: { ...robbed, seconds: round3(robbed.seconds) },
    outcome,
  };
}

export function ordersRow({ placing, orders }: Facts, findings: readonly Finding[]): Verdict['orders'] {
  const outcomes = findings
    .filter(({ id }) => id === 'orders' || id.startsWith('orders.'))
    .map(({ outcome }) => outcome);
  return {
    attempted: placing?.attempted ?? null,
    acknowledged: placing?.acknowledged ?? null,
    rejected: placing?.rejected ?? null,
    indeterminate: placing?.indeterminate ?? null,
    persisted: orders?.persisted ?? null,
    lost: orders?.lost ?? null,
    duplicated: orders?.duplicated ?? null,
    wrong: orders?.wrong ?? null,
    recovered: orders?.recovered ?? null,
    unexpected: orders?.unexpected ?? null,
    outcome: worst(outcomes.filter((outcome) => outcome !== null)),
  };
}

export function budgetRow(facts: Facts, plan: Plan, findings: readonly Finding[]): Verdict['errorBudget'] {
  const { objective, windowDays } = plan.objectives.errorBudget;
  return {
    objective,
    windowDays,
    promises: promisedPaths(plan).map((path) => {
      const fact = facts.budgets?.find((one) => one.path === path);
      return {
        path,
        goodEvents: fact?.good ?? null,
        badEvents: fact?.bad ?? null,
        burnedRatio: fact === undefined ? null : burnedRatio(plan, path, fact.bad),
        isLowerBound: fact !== undefined && isOpen(facts, fact),
        outcome: outcomeOf(findings, budgetId(path), 'inconclusive'),
      };
    }),
  };
}

function recoveryRow(
  objective: Objectives['recovery'][number],
  fact: RecoveryFact | undefined,
  outcome: Outcome | null,
): Verdict['recovery'][number] {
  return {
    path: objective.path,
    objectiveMs: objective.objectiveMs,
    actualMs: round3OrNull(fact === undefined ? null : actualOf(fact)),
    uncertaintyMs: round3OrNull(fact?.uncertaintyMs ?? null),
    outageStart: isoOrNull(fact?.outageStartMs ?? null),
    outageEnd: isoOrNull(fact?.outageEndMs ?? null),
    badMs: round3OrNull(fact?.badMs ?? null),
    flaps: fact?.flaps ?? null,
    serviceRestoredMs: round3OrNull(fact?.serviceRestoredMs ?? null),
    performanceRestoredMs: round3OrNull(fact?.performanceRestoredMs ?? null),
    phases: (fact?.phases ?? []).map(({ name, startMs, endMs }) => ({
      name,
      startMs: round3(startMs),
      endMs: round3(endMs),
    })),
    ...(fact?.lanes && { lanes: fact.lanes.map(laneRow) }),
    replicas: (fact?.replicas ?? []).map(({ replica, zone, actualMs, takenAway }) => ({
      replica,
      zone,
      actualMs: round3OrNull(actualMs),
      takenAway,
    })),
    outcome,
  };
}

const laneRow = ({ lane, connection, flaps, ...fact }: LaneFact) => ({
  lane,
  connection,
  intervalMs: round3(fact.intervalMs),
  outageStart: isoOrNull(fact.outageStartMs),
  startUncertaintyMs: round3OrNull(fact.startUncertaintyMs),
  outageEnd: isoOrNull(fact.outageEndMs),
  serviceRestoredMs: round3OrNull(fact.serviceRestoredMs),
  performanceRestoredMs: round3OrNull(fact.performanceRestoredMs),
  uncertaintyMs: round3(fact.uncertaintyMs),
  badMs: round3(fact.badMs),
  flaps,
});
