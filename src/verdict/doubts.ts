import type { Facts } from '../model/facts.ts';
import type { Phase } from '../model/objectives.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { thresholds } from './thresholds.ts';
import { counted, duration, percent } from './words.ts';

type About = Facts['problems'][number]['about'];

/** Problems that touch a subject, in words. A doubt about the evidence as such touches all of them. */
export const problemsAbout = (facts: Facts, ...subjects: About[]): string[] =>
  facts.problems.filter(({ about }) => about === 'evidence' || subjects.includes(about)).map(({ message }) => message);

/** Signs that k6 did not send what was planned, in words: over the whole run, or in some of its phases. */
export function generatorDoubts(facts: Facts, ...phases: Phase[]): string[] {
  const { dropped } = facts.load;
  const doubts: string[] = [];
  const missing = droppedIn(facts, phases);
  if (dropped === null || missing === null) doubts.push('k6 left no evidence of what it sent');
  // A drop leaves no latency: what the shopper would have waited is missing from every percentile.
  else if (missing > 0) doubts.push(`k6 dropped ${counted(missing, 'iteration')} for want of a free virtual user`);
  return [...doubts, ...generatorEndDoubts(facts)];
}

/** Signs that the latencies of a phase are not the shop's, in words. */
export const latencyDoubts = (facts: Facts, phase: Phase): string[] => [
  ...generatorDoubts(facts, phase),
  ...generatorLatenessDoubts(facts, phase),
  ...hostDoubts(facts, phase),
];

/** A call that waits for its turn in k6 looks like a slow shop; whether it failed does not depend on that. */
function generatorLatenessDoubts({ load }: Facts, of: Phase): string[] {
  const { maxGeneratorLatenessP99Ms: maxMs } = thresholds;
  const lateMs = load.lateInPhases.find(({ phase }) => phase === of)?.p99Ms ?? 0;
  return lateMs > maxMs ? [`k6's own p99 lateness was ${duration(lateMs)} (at most ${duration(maxMs)})`] : [];
}

/** Signs that k6 did not live to write everything down, in words. */
export function generatorEndDoubts({ load: { generator } }: Facts): string[] {
  if (generator.exitCode === null) return ['k6 left no exit code'];
  return generator.exitCode === 0 ? [] : [`k6 ended with exit code ${generator.exitCode}`];
}

/** Iterations dropped in some phases, or in all; those of no known phase may have been of any. null when it is unknown. */
export function droppedIn({ load }: Facts, phases: Phase[]): number | null {
  const { dropped, droppedInPhases } = load;
  if (dropped === null || phases.length === 0) return dropped;
  const elsewhere = droppedInPhases.filter(({ phase }) => !phases.includes(phase));
  return elsewhere.reduce((left, { count }) => left - count, dropped);
}

/**
 * Proof that this host could not keep up with measuring, in words: in a phase, or, without one, over the whole run. What
 * was not measured is no proof; see judge-host.ts. A clock that was stepped spoils every phase.
 */
export function hostDoubts({ host }: Facts, phase?: Phase): string[] {
  const { maxSentinelLatenessP99Ms, maxStealRatio } = thresholds;
  const { sentinelLatenessP99Ms: lateMs, stealRatio } = host.phases.find((one) => one.phase === phase) ?? host;
  const doubts: string[] = [];
  if (lateMs !== null && lateMs > maxSentinelLatenessP99Ms)
    doubts.push(`the sentinel's p99 lateness was ${duration(lateMs)} (at most ${duration(maxSentinelLatenessP99Ms)})`);
  if (stealRatio !== null && stealRatio > maxStealRatio)
    doubts.push(`the hypervisor took ${percent(stealRatio)} of the CPU time (at most ${percent(maxStealRatio)})`);
  return [...doubts, ...clockDoubts({ host })];
}

/** k6 and the database read the system's clock, the sentinel one that never steps: after a step they no longer agree. */
export const clockDoubts = ({ host }: Pick<Facts, 'host'>): string[] =>
  host.clockStepMs !== null && host.clockStepMs > thresholds.maxClockStepMs
    ? [
        `the system's clock was stepped by ${duration(host.clockStepMs)} (at most ${duration(thresholds.maxClockStepMs)})`,
      ]
    : [];

/** Without proof of a fault nothing was withstood. A drill without a fault needs none. */
export function faultDoubts({ fault }: Facts, plan: Plan): string[] {
  if (plan.fault === null || fault?.provenAtMs != null) return [];
  return ['nothing proved that there was a fault to withstand'];
}

/** Signs that the platform was not looked at all along, in words. */
export function capacityDoubts(facts: Facts): string[] {
  const { maxLookGapMs } = thresholds;
  const gapMs = facts.capacity?.longestGapMs ?? null;
  const doubts = problemsAbout(facts, 'capacity');
  if (gapMs === null) doubts.push('nothing shows that the platform was looked at to the end of the load');
  else if (gapMs > maxLookGapMs)
    doubts.push(`the platform was not looked at for ${duration(gapMs)} (at most ${duration(maxLookGapMs)})`);
  return doubts;
}

/** The finding, or the same with nothing known when there is a doubt. */
export function unlessInDoubt(finding: Finding, doubts: string[]): Finding {
  if (doubts.length === 0 || finding.outcome === 'inconclusive') return finding;
  const message = `${finding.message} Not conclusive, because ${doubts.join('; ')}.`;
  return { ...finding, outcome: 'inconclusive', message };
}

/** A pass needs undoubted evidence; what is known to be broken stays broken. */
export const passUnlessInDoubt = (finding: Finding, doubts: string[]): Finding =>
  finding.outcome === 'pass' ? unlessInDoubt(finding, doubts) : finding;

/** A fail needs undoubted evidence: for doubts that can only have made things look worse. */
export const failUnlessInDoubt = (finding: Finding, doubts: string[]): Finding =>
  finding.outcome === 'fail' ? unlessInDoubt(finding, doubts) : finding;
