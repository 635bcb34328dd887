import { type Decision, evidenceKindOf, type Review, type ReviewedDrill, type ReviewInput } from '../model/review.ts';
import type { Finding } from '../model/verdict.ts';
import { addDays, dayAfter, isFresh } from './days.ts';
import { headlineOf } from './headline.ts';
import { isOf } from './identity.ts';
import { type CapacityEvidence, capacityEvidence, capacityReasons, uncertainCapacity } from './review-capacity.ts';
import { type EvidenceRun, hasFailed, reviewDrill } from './review-drill.ts';
import { waiversAt, waiverText } from './waivers.ts';

type Reason = Review['reasons'][number];

/**
 * Decides by the evidence alone: the same input and evidence give the same review.
 * @param given runs that are evidence, oldest first: fresh ones, and those of any age that may speak against a go
 */
export function decide(input: ReviewInput, given: readonly EvidenceRun[]): Review {
  const { target, identity, risks, leftOut, drills: asked, capacityPlan, ...frame } = input;
  const runs = given.filter(({ verdict }) => verdict.target === target && isOf(verdict.environment, identity));
  const waivers = waiversAt(risks.risks, input.peak);
  const mayCount = ({ verdict }: EvidenceRun) => isFresh(verdict.startedAt, input.freshDays, input.createdAt);
  const ofDrill = (name: string) =>
    runs.filter((run) => run.verdict.drill === name && (mayCount(run) || hasFailed(run.verdict)));
  const drills = asked.map((one) => reviewDrill(one, ofDrill(one.drill), waivers));
  const capacity = capacityPlan === null ? null : capacityEvidence(runs, waivers, mayCount);
  const reasons = [
    ...drills.flatMap((drill) => [
      ...reasonsOf(drill, input),
      ...unboundedReasons(drill),
      ...unjudgedReasons(drill, runs),
    ]),
    ...(capacity === null ? [] : capacityReasons(capacity)),
    ...checkoutReasons(input),
    ...foreignReasons(given.length - runs.length),
  ];
  const decision = decisionBy(reasons);
  const evidence = evidenceKindOf(target);
  return {
    ...frame,
    target,
    evidence,
    validUntil: validUntil(input, drills, capacity),
    decision,
    headline: headlineOf(decision, reasons, evidence, drills),
    reasons,
    identity,
    drills,
    capacity: capacity?.shown ? { ...capacity.shown.capacity, sha256: capacity.shown.run.sha256 } : null,
    gaps: [...new Set(runs.flatMap(({ verdict }) => verdict.environment.fidelity))],
    notTested: [
      ...leftOut,
      ...unknownShop(input),
      ...uncertainCapacity(capacity?.shown ?? null),
      ...drills.flatMap((drill) => untestedIn(drill, runs)),
    ],
    risks,
  };
}

function reasonsOf(drill: ReviewedDrill, { percentile, risks }: ReviewInput): Reason[] {
  const { failed, passed, runsNeeded, undecided, waivedBy } = drill;
  const runs = passed + failed;
  const broken = drill.promises.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  const text = `${drill.drill} failed in ${failed} of ${runs} runs, by ${broken.join(', ')}`;
  if (failed > 0 && waivedBy.length === 0) return [{ speaks: 'against', text }];
  const waivers = risks.risks.filter(({ id }) => waivedBy.includes(id)).map(waiverText);
  const waived: Reason[] = failed === 0 ? [] : [{ speaks: 'waived', text: `${text}; ${waivers.join('; ')}` }];
  if (runs >= runsNeeded) return waived;
  const why = runsNeeded === 1 ? '' : `, as the ${percentile}th percentile of its recovery asks for`;
  const besides = undecided === 0 ? '' : `; ${undecided} more said neither`;
  const done = failed === 0 ? `has passed ${passed} times` : `was run ${runs} times`;
  return [...waived, { speaks: 'missing', text: `${drill.drill} ${done} of ${runsNeeded}${why}${besides}` }];
}

/** Runs that were too slow to tell whether they recovered in time leave its percentile open, however many others did. */
const unboundedReasons = ({ drill, promises }: ReviewedDrill): Reason[] =>
  promises.flatMap(({ id, outcome, recovery }): Reason[] => {
    if (recovery === null || outcome === 'fail') return [];
    const { worstMs, objectiveMs } = recovery;
    if (worstMs !== null && worstMs <= objectiveMs) return [];
    const how = worstMs === null ? 'did not end while it was watched' : 'was too close to its objective to tell';
    return [{ speaks: 'missing', text: `${drill}: in a run ${id} ${how}, so nothing bounds it` }];
  });

const checkoutReasons = ({ identity, drills }: ReviewInput): Reason[] => [
  ...(identity.dirty === true
    ? [
        {
          speaks: 'missing' as const,
          text: 'the checkout has changes that are not committed: nobody else can have the same, so no run of it counts',
        },
      ]
    : []),
  ...(identity.commit === null && identity.versions.tenfold === undefined
    ? [
        {
          speaks: 'missing' as const,
          text: 'git does not tell the commit of this checkout: it is not known what was run',
        },
      ]
    : []),
  ...(drills.length === 0 ? [{ speaks: 'missing' as const, text: 'there is no drill that this target can run' }] : []),
];

/** Somebody else deploys an own shop, and its config does not change by that. */
const unknownShop = ({ target, identity: { versions } }: ReviewInput): Review['notTested'] =>
  evidenceKindOf(target) !== 'own-shop' || versions.shop !== undefined || versions.workloads !== undefined
    ? []
    : [
        {
          what: 'whether the shop is still the one that was drilled',
          why: 'nothing tells its version: the config can name a command that does, as `version`',
        },
      ];

const foreignReasons = (runs: number): Reason[] =>
  runs === 0
    ? []
    : [{ speaks: 'missing', text: `${runs} of the runs are of another commit or platform, and count in nothing` }];

function decisionBy(reasons: readonly Reason[]): Decision {
  if (reasons.some(({ speaks }) => speaks === 'against')) return 'no-go';
  return reasons.some(({ speaks }) => speaks === 'missing') ? 'not-enough-evidence' : 'go';
}

/** The first of: the peak is over, the oldest run is no longer fresh, a risk ends. A failure does not get old. */
function validUntil(
  { peak, createdAt, freshDays, risks }: ReviewInput,
  drills: readonly ReviewedDrill[],
  capacity: CapacityEvidence | null,
): string {
  const passed = drills.flatMap(({ runs }) => runs.filter((run) => !hasFailed(run)));
  const measured = capacity?.shown && capacity.against.every(({ waiver }) => waiver) ? [capacity.shown.capacity] : [];
  const ends = [
    dayAfter(peak),
    addDays(createdAt, freshDays),
    ...[...passed, ...measured].map(({ startedAt }) => addDays(startedAt, freshDays)),
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
