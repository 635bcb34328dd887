import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import { thresholds } from './thresholds.ts';
import { counted, duration, percent } from './words.ts';

type About = Facts['problems'][number]['about'];

/** Problems that touch a subject, in words. A doubt about the evidence as such touches all of them. */
export const problemsAbout = (facts: Facts, ...subjects: About[]): string[] =>
  facts.problems.filter(({ about }) => about === 'evidence' || subjects.includes(about)).map(({ message }) => message);

/** Signs that k6 did not send what was planned, in words. */
export function generatorDoubts({ load }: Facts): string[] {
  const doubts: string[] = [];
  if (load.dropped === null) doubts.push('k6 left no evidence of what it sent');
  // A drop leaves no latency: what the shopper would have waited is missing from every percentile.
  else if (load.dropped > 0)
    doubts.push(`k6 dropped ${counted(load.dropped, 'iteration')} for want of a free virtual user`);
  if (load.generator.exitCode === null) doubts.push('k6 left no exit code');
  else if (load.generator.exitCode !== 0) doubts.push(`k6 ended with exit code ${load.generator.exitCode}`);
  return doubts;
}

/** Proof that this host could not keep up with measuring, in words. What was not measured is no proof; see judge-host.ts. */
export function hostDoubts({ host }: Facts): string[] {
  const doubts: string[] = [];
  const { maxSentinelLatenessP99Ms, maxStealRatio } = thresholds;
  if (host.sentinelLatenessP99Ms !== null && host.sentinelLatenessP99Ms > maxSentinelLatenessP99Ms)
    doubts.push(
      `the sentinel's p99 lateness was ${duration(host.sentinelLatenessP99Ms)} (at most ${duration(maxSentinelLatenessP99Ms)})`,
    );
  if (host.stealRatio !== null && host.stealRatio > maxStealRatio)
    doubts.push(`the hypervisor took ${percent(host.stealRatio)} of the CPU time (at most ${percent(maxStealRatio)})`);
  return doubts;
}

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
