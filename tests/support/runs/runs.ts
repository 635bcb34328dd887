import type { Facts } from '../../../src/model/facts.ts';
import { counted, type Finding, worst } from '../../../src/model/verdict.ts';
import type { ReportInput } from '../../../src/report/report-input.ts';
import { factsOf } from './facts.ts';
import { planOf } from './plan.ts';
import { at, type Shape } from './shape.ts';
import { verdictOf } from './verdict.ts';

/** Everything held: writes were back after 6.4 s. */
export const passingRun = (): ReportInput => run({ recoveryS: 6.418, checkoutP99Ms: 142.318, lost: 0 });

/** A replica that kept writing to the demoted writer, and three orders lost. */
export const failingRun = (): ReportInput => run({ recoveryS: null, checkoutP99Ms: 231.92, lost: 3 });

/** All within its limits, on a machine that could not keep up: nothing can be said about latency. */
export function inconclusiveRun(): ReportInput {
  const input = passingRun();
  const message = 'The host robbed the instruments of 12 of 17.2 s at peak: too much to measure latency by the rest.';
  const robbed = { seconds: 12, calls: 7_418, bad: 311, leftOut: true };
  const host = { ...facts(input).host, cpuPressureRatio: 0.41, stealRatio: 0.072, sentinelLatenessP99Ms: 48.2 };
  return withFindings(
    {
      ...input,
      facts: { ...facts(input), host, problems: [{ about: 'host', message }] },
      verdict: {
        ...input.verdict,
        latency: input.verdict.latency.map((row) => ({
          ...row,
          ...(row.phase === 'peak' && { robbed }),
          outcome: row.outcome && 'inconclusive',
        })),
      },
    },
    (finding) =>
      finding.id.startsWith('latency') || finding.id === 'host'
        ? { ...finding, outcome: 'inconclusive', message }
        : finding,
  );
}

/** Ctrl-C while the platform was coming up: nothing was measured. */
export function interruptedRun(): ReportInput {
  const { verdict, plan } = passingRun();
  const nothing = {
    attempted: null,
    acknowledged: null,
    rejected: null,
    persisted: null,
    lost: null,
    duplicated: null,
    indeterminate: null,
    wrong: null,
    recovered: null,
    unexpected: null,
  };
  return {
    plan,
    facts: null,
    verdict: {
      ...verdict,
      status: 'interrupted',
      outcome: 'inconclusive',
      finishedAt: null,
      load: {
        baselineRatePerSecond: null,
        peakRatePerSecond: null,
        plannedPeakRatePerSecond: 640,
        peakProvenAt: null,
        dropped: null,
        generator: { name: 'k6', version: 'unknown', exitCode: null, maxVus: null, availableVus: null },
      },
      fault: null,
      recovery: verdict.recovery.map((item) => ({
        ...item,
        actualMs: null,
        uncertaintyMs: null,
        outageStart: null,
        outageEnd: null,
        badMs: null,
        flaps: null,
        serviceRestoredMs: null,
        performanceRestoredMs: null,
        phases: [],
        replicas: [],
        outcome: 'inconclusive',
      })),
      latency: [],
      orders: { ...nothing, outcome: 'inconclusive' },
      errorBudget: {
        ...verdict.errorBudget,
        promises: verdict.errorBudget.promises.map((promise) => ({
          ...promise,
          goodEvents: null,
          badEvents: null,
          burnedRatio: null,
          isLowerBound: false,
          outcome: 'inconclusive',
        })),
      },
      findings: verdict.findings.map((finding) => ({
        ...finding,
        outcome: 'inconclusive',
        message: 'The run was interrupted before this was measured.',
        evidence: {},
      })),
    },
  };
}

/** Names as an enemy would choose them, wherever a name can stand. */
export const hostileText = `</script><script>alert(1)</script> "'&<b>|x|</b> \`\`\` ]]> [a](http://example.invalid) \u0007\u001b[31m`;

/** A run in which everything that a platform or a config may say is one text. */
export function hostileRun(text = hostileText): ReportInput {
  const input = failingRun();
  const known = facts(input);
  const { verdict } = input;
  return {
    plan: {
      ...input.plan,
      title: text,
      fault: { kind: text, summary: text },
      without: [text],
    },
    facts: {
      ...known,
      platformEvents: [{ atMs: at(40), source: text, message: text }],
      problems: [{ about: 'host', message: text }],
      orders: known.orders && { ...known.orders, lostKeys: [text] },
    },
    verdict: {
      ...verdict,
      runId: text,
      target: text,
      profile: text,
      command: text,
      environment: {
        ...verdict.environment,
        versions: { [text]: text },
        scale: text,
        fidelity: [text],
      },
      fault: verdict.fault && { ...verdict.fault, proof: text },
      recovery: verdict.recovery.map((item, i) => ({
        ...item,
        phases: [{ name: text, startMs: 0, endMs: 10 }],
        replicas: [{ replica: text, zone: text, actualMs: i + 1, takenAway: null }],
      })),
      findings: verdict.findings.map((finding, i) => ({
        ...finding,
        id: `${finding.id}-${i}`,
        title: text,
        message: text,
        evidence: { [text]: text },
      })),
    },
  };
}

function facts(input: ReportInput): Facts {
  if (input.facts === null) throw new Error('this run has no facts');
  return input.facts;
}

function withFindings(input: ReportInput, change: (finding: Finding) => Finding): ReportInput {
  const findings = input.verdict.findings.map(change);
  return {
    ...input,
    verdict: { ...input.verdict, findings, outcome: worst(counted(findings)) },
  };
}

function run(shape: Shape): ReportInput {
  const plan = planOf();
  const verdict = verdictOf(shape, plan);
  return { plan, verdict, facts: factsOf(shape, verdict) };
}
