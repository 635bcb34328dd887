import type { Facts } from '../../../src/model/facts.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { ReportInput } from '../../../src/report/report-input.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { emptyFacts, factsOf } from './facts.ts';
import { planOf } from './plan.ts';
import { runbook } from './runbook.ts';
import { at, type Shape } from './shape.ts';

/** A run as the judge judges it. */
export const judged = (plan: Plan, facts: Facts): ReportInput => ({ plan, facts, verdict: judge(facts, plan) });

const run = (shape: Shape): ReportInput => judged(planOf(), factsOf(shape));

/** Everything held: writes were back after 6.4 s. */
export const passingRun = (): ReportInput => run({ recoveryS: 6.418, checkoutP99Ms: 142.318, lost: 0 });

/** A replica that kept writing to the demoted writer, and three orders lost. */
export const failingRun = (): ReportInput => run({ recoveryS: null, checkoutP99Ms: 231.92, lost: 3 });

/** Everything within its limits, on a machine that could not keep up: nothing can be said about latency. */
export function inconclusiveRun(): ReportInput {
  const { plan, facts } = passingRun();
  const host = { ...facts.host, cpuPressureRatio: 0.41, stealRatio: 0.072, sentinelLatenessP99Ms: 48.2 };
  const robbed = { seconds: 12, calls: 7_418, bad: 311, leftOut: true };
  const latency = facts.latency.map((fact) => (fact.phase === 'peak' ? { ...fact, robbed } : fact));
  return judged(plan, { ...facts, host, latency, problems: [{ about: 'host', message: 'the clock was stepped' }] });
}

/** A run in which one of three steps of the runbook was done. */
export function rehearsedRun(): ReportInput {
  const { plan, facts } = passingRun();
  const steps = runbook.steps.map(({ id, title, moment }) =>
    id === 'look'
      ? { id, title, moment, doneAt: '2026-11-27T09:00:41.500Z', by: 'Ada Lovelace' }
      : { id, title, moment, doneAt: null, by: null },
  );
  return judged({ ...plan, runbook }, { ...facts, runbook: { file: runbook.file, sha256: runbook.sha256, steps } });
}

/** Ctrl-C while the platform was coming up: nothing was measured. */
export const interruptedRun = (): ReportInput => judged(planOf(), emptyFacts());

/** Text that an attacker would choose, wherever a name can stand. */
export const hostileText = `</script><script>alert(1)</script> "'&<b>|x|</b> \`\`\` ]]> [a](http://example.invalid) \u0007\u001b[31m`;

/** A run in which everything that a platform or a config may say is one text. */
export function hostileRun(text = hostileText): ReportInput {
  const { plan, facts } = failingRun();
  const environment = { ...facts.run.environment, versions: { [text]: text }, scale: text, fidelity: [text] };
  const recovery = facts.recovery.map((fact) => ({
    ...fact,
    phases: [{ name: text, startMs: 0, endMs: 10 }],
    replicas: fact.replicas.map((replica) => ({ ...replica, replica: text, zone: text })),
  }));
  const hostile = judged(
    {
      ...plan,
      title: text,
      profile: { ...plan.profile, name: text },
      fault: { kind: text, summary: text },
      without: [text],
    },
    {
      ...facts,
      run: { ...facts.run, runId: text, target: text, command: text, environment },
      fault: facts.fault && { ...facts.fault, proof: text },
      recovery,
      orders: facts.orders && { ...facts.orders, lostKeys: [text] },
      platformEvents: [{ atMs: at(40), source: text, message: text }],
      runbook: {
        file: text,
        sha256: '',
        steps: [{ id: text, title: text, moment: 'fault', doneAt: '2026-11-27T09:00:00.000Z', by: text }],
      },
      problems: [{ about: 'host', message: text }],
    },
  );
  // A stored verdict may say anything, whatever a judge would say.
  const findings = hostile.verdict.findings.map((finding, i) => ({
    ...finding,
    id: `${finding.id}-${i}`,
    title: text,
    message: text,
    evidence: { [text]: text },
  }));
  return { ...hostile, verdict: { ...hostile.verdict, findings } };
}
