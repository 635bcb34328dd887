import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { counted, type Finding, type Verdict, verdictSchema, worst } from '../model/verdict.ts';
import type { Checker } from './checker.ts';
import { checkers } from './checkers.ts';
import { failUnlessInDoubt, fullHostDoubts } from './doubts.ts';
import { budgetRow, latencyRows, ordersRow, recoveryRows, replacementRows } from './rows.ts';
import { iso, isoOrNull, round3OrNull } from './words.ts';

/**
 * Turns facts and objectives into the verdict: its worst finding. The same facts yield a byte-identical one; keys are
 * in the schema's order.
 */
export function judge(facts: Facts, plan: Plan): Verdict {
  const findings = checkers.flatMap((checker) => guarded(checker, facts, plan));
  return verdictSchema.parse({
    schemaVersion: 2,
    drill: facts.run.drill,
    runId: facts.run.runId,
    target: facts.run.target,
    profile: plan.profile.name,
    command: facts.run.command,
    status: facts.run.status,
    outcome: worst(counted(findings)),
    startedAt: iso(facts.run.startedAtMs),
    finishedAt: isoOrNull(facts.run.finishedAtMs),
    environment: facts.run.environment,
    load: loadOf(facts, plan),
    fault: faultOf(facts),
    recovery: recoveryRows(facts, plan, findings),
    ...(facts.replacements && { replacements: replacementRows(facts.replacements) }),
    latency: latencyRows(facts, findings),
    orders: ordersRow(facts, findings),
    errorBudget: budgetRow(facts, plan, findings),
    findings,
  } satisfies Verdict);
}

/** What a checker finds; if it throws, nothing is known about its subject, and the findings of the others stand. */
function guarded(checker: Checker, facts: Facts, plan: Plan): Finding[] {
  try {
    const findings = checker.judge(facts, plan);
    return checker.restsOnTime ? findings.map((one) => failUnlessInDoubt(one, fullHostDoubts(facts))) : findings;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `This could not be judged, because its checker failed: ${why.replace(/\.$/, '')}.`;
    const { id, title } = checker;
    return [{ id, title, outcome: 'inconclusive', message, evidence: { error: why } }];
  }
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
