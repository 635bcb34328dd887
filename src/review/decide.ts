import {
  type Decision,
  evidenceKindOf,
  type Review,
  type ReviewedDrill,
  type ReviewInput,
  type Risk,
} from '../model/review.ts';
import type { Finding } from '../model/verdict.ts';
import { addDays, dayAfter } from './days.ts';
import { isOf } from './identity.ts';
import { capacityReasons, type EvidenceOfCapacity, uncertainCapacity } from './review-capacity.ts';
import { type EvidenceRun, reviewDrill } from './review-drill.ts';

type Reason = Review['reasons'][number];

/**
 * Decides by the evidence alone: the same input and evidence give the same review.
 * @param given runs that are fresh, oldest first @param capacity of the newest run in steps
 */
export function decide(input: ReviewInput, given: readonly EvidenceRun[], capacity: EvidenceOfCapacity | null): Review {
  const { target, identity, risks, leftOut, drills: asked, asksCapacity, ...frame } = input;
  const runs = given.filter(({ verdict }) => verdict.target === target && isOf(verdict.environment, identity));
  const waivers = risks.risks.filter((risk) => holdsAtPeak(risk, input.peak));
  const drills = asked.map((one) =>
    reviewDrill(
      one,
      runs.filter(({ verdict }) => verdict.drill === one.drill),
      waivers,
    ),
  );
  const reasons = [
    ...drills.flatMap((drill) => [...reasonsOf(drill, input), ...unjudgedReasons(drill, runs)]),
    ...(asksCapacity ? capacityReasons(capacity) : []),
    ...checkoutReasons(input),
    ...foreignReasons(given.length - runs.length),
  ];
  const decision = decisionBy(reasons);
  const evidence = evidenceKindOf(target);
  return {
    ...frame,
    target,
    evidence,
    validUntil: validUntil(input, runs),
    decision,
    headline: headlineOf(decision, reasons, evidence, drills),
    reasons,
    identity,
    drills,
    capacity: capacity && { ...capacity.capacity, sha256: capacity.sha256 },
    gaps: [...new Set(runs.flatMap(({ verdict }) => verdict.environment.fidelity))],
    notTested: [...leftOut, ...uncertainCapacity(capacity), ...drills.flatMap((drill) => untestedIn(drill, runs))],
    risks,
  };
}

const holdsAtPeak = ({ waiver, until }: Risk, peak: string): boolean => waiver !== undefined && until >= peak;

function reasonsOf(drill: ReviewedDrill, { percentile, risks }: ReviewInput): Reason[] {
  const { failed, passed, runsNeeded, undecided, waivedBy } = drill;
  const runs = passed + failed;
  if (failed > 0) {
    const broken = drill.promises.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    const text = `${drill.drill} failed in ${failed} of ${runs} runs, by ${broken.join(', ')}`;
    const risk = risks.risks.find(({ id }) => id === waivedBy);
    if (!risk?.waiver) return [{ speaks: 'against', text }];
    return [
      {
        speaks: 'waived',
        text: `${text}; waived by ${risk.waiver.by} until ${risk.until} (${risk.id}): ${risk.waiver.reason}`,
      },
    ];
  }
  if (runs >= runsNeeded) return [];
  const why = runsNeeded === 1 ? '' : `, as the ${percentile}th percentile of its recovery asks for`;
  const besides = undecided === 0 ? '' : `; ${undecided} more said neither`;
  return [{ speaks: 'missing', text: `${drill.drill} has passed ${passed} times of ${runsNeeded}${why}${besides}` }];
}

const checkoutReasons = ({ identity, drills }: ReviewInput): Reason[] => [
  ...(identity.dirty === true
    ? [
        {
          speaks: 'missing' as const,
          text: 'the checkout has changes that are not committed: nobody else can have the same, so no run of it counts',
        },
      ]
    : []),
  ...(drills.length === 0 ? [{ speaks: 'missing' as const, text: 'there is no drill that this target can run' }] : []),
];

const foreignReasons = (runs: number): Reason[] =>
  runs === 0
    ? []
    : [{ speaks: 'missing', text: `${runs} of the runs are of another commit or platform, and count in nothing` }];

function decisionBy(reasons: readonly Reason[]): Decision {
  if (reasons.some(({ speaks }) => speaks === 'against')) return 'no-go';
  return reasons.some(({ speaks }) => speaks === 'missing') ? 'not-enough-evidence' : 'go';
}

/** What the evidence is of, so that no promise is said to be kept where it was not tried. */
export const evidenceWords: Record<Review['evidence'], string> = {
  'stand-in': 'on the pocket region, a stand-in: nothing is shown of production',
  'reference-platform': 'on the reference platform in a cluster: nothing is shown of a shop that differs from it',
  'own-shop': 'on your own shop',
};

function headlineOf(
  decision: Decision,
  reasons: readonly Reason[],
  evidence: Review['evidence'],
  drills: readonly ReviewedDrill[],
): string {
  const place = evidenceWords[evidence];
  const of = (speaks: Reason['speaks']) => reasons.filter((reason) => reason.speaks === speaks).length;
  if (decision === 'no-go') return `${of('against')} of ${drills.length} drills failed ${place}.`;
  if (decision === 'not-enough-evidence')
    return `${of('missing')} ${of('missing') === 1 ? 'thing is' : 'things are'} missing before anything can be decided ${place}.`;
  const waived = of('waived') === 0 ? '' : `, ${of('waived')} by a waiver`;
  const all = drills.length === 1 ? 'The one drill' : `All ${drills.length} drills`;
  return `${all} kept every promise that was judged${waived}, ${place}.`;
}

/** The first of: the peak is over, the oldest run is no longer fresh, a risk ends. */
function validUntil({ peak, createdAt, freshDays, risks }: ReviewInput, runs: readonly EvidenceRun[]): string {
  const ends = [
    dayAfter(peak),
    addDays(createdAt, freshDays),
    ...runs.map(({ verdict }) => addDays(verdict.startedAt, freshDays)),
    ...risks.risks.map(({ until }) => dayAfter(until)),
  ];
  return ends.sort()[0] as string;
}

/** Promises of a drill that no run could judge. */
function unjudged({ drill, promises }: ReviewedDrill, runs: readonly EvidenceRun[]): Finding[] {
  const judged = new Set(promises.map(({ id }) => id));
  const newest = runs.findLast(({ verdict }) => verdict.drill === drill && verdict.status === 'completed');
  return (newest?.verdict.findings ?? []).filter(({ id }) => !judged.has(id));
}

const untestedIn = (drill: ReviewedDrill, runs: readonly EvidenceRun[]): Review['notTested'] =>
  unjudged(drill, runs).map(({ id, title, message }) => ({ what: `${drill.drill}: ${title} (${id})`, why: message }));

/** Without these a drill says nothing of a peak: how long shoppers were without their shop, and how fast it was. */
const isIndispensable = ({ id }: Finding): boolean => /^recovery\.|^latency\.\w+\.peak$/.test(id);

function unjudgedReasons(drill: ReviewedDrill, runs: readonly EvidenceRun[]): Reason[] {
  const ids = unjudged(drill, runs)
    .filter(isIndispensable)
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  const text = `${drill.drill}: none of its runs could judge ${ids.join(', ')}; a longer profile can`;
  return [{ speaks: 'missing', text }];
}
