import type { Finding } from '../model/verdict.ts';

/** The suites that reports group findings into, in the order of a drill's life. */
const findingKinds = [
  'Peak',
  'Fault',
  'Recovery',
  'Latency',
  'Failed calls',
  'Orders',
  'Sessions',
  'Capacity',
  'Error budget',
  'Trust',
] as const;
export type FindingKind = (typeof findingKinds)[number];

const kindOfFirstWord: Record<string, FindingKind> = {
  peak: 'Peak',
  load: 'Peak',
  fault: 'Fault',
  recovery: 'Recovery',
  latency: 'Latency',
  failures: 'Failed calls',
  refusal: 'Failed calls',
  orders: 'Orders',
  order: 'Orders',
  sessions: 'Sessions',
  autoscaling: 'Capacity',
  pods: 'Capacity',
  restarts: 'Capacity',
  untouched: 'Capacity',
  error: 'Error budget',
  budget: 'Error budget',
};

/** A finding's kind is the first word of its id: latency.checkout.peak, error-budget. What is not known is about trust. */
export function kindOf(finding: Pick<Finding, 'id'>): FindingKind {
  const firstWord = /^[a-z]+/.exec(finding.id)?.[0] ?? '';
  return kindOfFirstWord[firstWord] ?? 'Trust';
}

/** Findings by kind, kinds without one left out. */
export function byKind(findings: readonly Finding[]): { kind: FindingKind; findings: Finding[] }[] {
  return findingKinds
    .map((kind) => ({ kind, findings: findings.filter((finding) => kindOf(finding) === kind) }))
    .filter((group) => group.findings.length > 0);
}
