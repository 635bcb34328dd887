import type { Capacity } from '../../model/capacity.ts';
import type { Decision, EvidenceKind, Review, ReviewedDrill, ReviewedPromise } from '../../model/review.ts';
import { formatInstant, formatMs, formatRate, formatRatio, notMeasured, plural } from '../format.ts';

export const decisionWords: Record<Decision, string> = {
  go: 'GO',
  'no-go': 'NO-GO',
  'not-enough-evidence': 'NOT ENOUGH EVIDENCE',
};

export const reasonWords = { against: 'Against', missing: 'Missing', waived: 'Waived' } as const;

export const reviewTitle = ({ peak }: Review): string => `Ready for the peak of ${peak}?`;

/** A day and a minute are enough to hold on to. */
export const untilText = ({ validUntil }: Review): string => `${validUntil.slice(0, 16).replace('T', ' ')} UTC`;

export const originText = ({ target, profile, scale, createdAt, identity }: Review): string =>
  [
    `target ${target}`,
    `profile ${profile}${scale === null ? '' : ` at 1:${scale}`}`,
    `${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    identity.commit === null
      ? 'commit unknown'
      : `commit ${identity.commit.slice(0, 12)}${identity.dirty ? ', with uncommitted changes' : ''}`,
  ].join(' · ');

/** What was shown, and where: no promise is said to be kept in production by what a stand-in has shown. */
export function shownText({ kept, broken, undecided }: ReviewedPromise, evidence: EvidenceKind): string {
  const of = kept + broken + undecided;
  const kind = {
    'stand-in': 'on a stand-in',
    'reference-platform': 'on the reference platform',
    'own-shop': 'on your shop',
  }[evidence];
  if (broken > 0) return `broken in ${broken} of ${plural(of, 'run')} ${kind}`;
  if (undecided > 0) return `kept in ${kept} of ${plural(of, 'run')} ${kind}; the others could not tell`;
  return `kept in ${kept === 1 ? 'one run' : `all ${plural(kept, 'run')}`} ${kind}`;
}

/** null: no recovery. */
export function recoveryText({ recovery }: ReviewedPromise): string | null {
  if (recovery === null) return null;
  const { worstMs, objectiveMs, percentile } = recovery;
  const within = `objective ${formatMs(objectiveMs)}`;
  if (worstMs === null) return `did not recover while it was watched; ${within}`;
  const bound = percentile === null ? 'too few runs to bound a percentile' : `p${percentile} at 95 % confidence`;
  return `at most ${formatMs(worstMs)} (${bound}); ${within}`;
}

/** The same in a few words, for a table that says what is promised at which confidence. */
export function shortRecovery({ title, recovery }: ReviewedPromise): string | null {
  if (recovery === null) return null;
  const { worstMs, objectiveMs, percentile } = recovery;
  if (worstMs === null) return `${title}: not while it was watched, of ${formatMs(objectiveMs)}`;
  return `${title}: ${formatMs(worstMs)} of ${formatMs(objectiveMs)}${percentile === null ? '' : ` (p${percentile})`}`;
}

export const runsText = ({ passed, failed, undecided, runsNeeded }: ReviewedDrill): string =>
  `${passed} passed, ${failed} failed${undecided === 0 ? '' : `, ${undecided} said neither`}; ${runsNeeded} needed`;

/** What alerts on the error budget would have done. */
export function alertText({ alerts: { of, paged, ticketed, pageSoonestMs } }: ReviewedDrill): string {
  if (of === 0) return notMeasured;
  const soonest = pageSoonestMs === null ? '' : `, at the soonest ${formatMs(pageSoonestMs)} after the injection`;
  return `paged in ${paged} of ${plural(of, 'run')}${soonest}; a ticket in ${ticketed}`;
}

export const burnText = ({ burnedRatio }: ReviewedDrill): string =>
  burnedRatio === null ? notMeasured : formatRatio(burnedRatio);

/** How much it carries, and what is recommended for the peak, a line each. */
export function capacityLines({ capacity }: Review): string[] {
  if (capacity === null)
    return ['Not measured: a review that runs what is missing raises the load in steps until something gives way.'];
  const { tenfoldRatePerSecond, carriedPerSecond, knee, saturatesFirst, zonesLost, standIn } = capacity;
  const carried =
    carriedPerSecond === null ? 'What it carries is not known' : `It carried ${formatRate(carriedPerSecond)}`;
  return [
    ...(standIn === null ? [] : [standIn]),
    `${carried}; ten times the traffic is ${formatRate(tenfoldRatePerSecond)}.`,
    kneeText(knee),
    ...(saturatesFirst === null
      ? []
      : [
          `First to saturate, at ${formatRate(saturatesFirst.atRatePerSecond)}: ${saturatesFirst.what} (${saturatesFirst.evidence}).`,
        ]),
    ...(zonesLost === null ? [] : [`Without a zone: ${zonesLost.because}.`]),
    ...recommendations(capacity),
    ...(capacity.trusted ? [] : capacity.notTrustedBecause.map((why) => `The model is not to be trusted: ${why}.`)),
  ];
}

function kneeText(knee: Capacity['knee']): string {
  if (knee === null) return 'Its knee is not known.';
  const by = knee.by === 'law' ? 'the Universal Scalability Law' : 'the first promise that was broken';
  const high = knee.highPerSecond === null ? 'what nothing bounds' : formatRate(knee.highPerSecond);
  return `Its knee is at ${formatRate(knee.ratePerSecond)}, by ${by}: between ${formatRate(knee.lowPerSecond)} and ${high}.`;
}

function recommendations({ recommended: { pods, pools, nodes } }: Capacity): string[] {
  return [
    ...(pods === null ? [] : [`Recommended pods for the peak: ${pods.count}. ${pods.because}`]),
    ...(pools ?? []).map(
      ({ role, connectionsPerPod, because }) =>
        `Recommended connections in a pod's pool of the ${role}: ${connectionsPerPod}. ${because}`,
    ),
    ...(nodes === null ? [] : [`Recommended nodes for the peak: ${nodes.count}. ${nodes.because}`]),
  ];
}

/** What was broken or is open, and how many promises were kept besides, a line for each drill. */
export const promiseLines = ({ drills, evidence }: Review): string[] =>
  drills.map(({ drill, promises }) => {
    const kept = promises.filter(({ outcome }) => outcome === 'pass').length;
    const others = promises.filter(({ outcome }) => outcome !== 'pass');
    return [
      `${drill}: ${plural(kept, 'promise')} kept`,
      ...others.map((promise) => `${promise.title} (${promise.id}) ${shownText(promise, evidence)}`),
    ].join('; ');
  });

/** What people know of, and on which days nothing is drilled, a line each. */
export const riskLines = ({ risks: { risks, freezes } }: Review): string[] => [
  ...risks.map(
    ({ id, title, owner, covers, waiver, until }) =>
      `${id}: ${title}. Owner ${owner}, until ${until}${covers.length === 0 ? '' : `, covers ${covers.join(', ')}`}${waiver ? `; waived by ${waiver.by}: ${waiver.reason}` : '; not waived'}.`,
  ),
  ...freezes.map(({ from, to, what }) => `Freeze from ${from} to ${to}: ${what}.`),
];

export const noRisks = 'None is written down in risks.yaml.';

/** Who rehearsed which steps of a drill's runbook, and which nobody did, a line for each drill. */
export function runbookLines({ drills }: Review): string[] {
  const lines = drills.flatMap(({ drill, runbook }) => {
    if (runbook === null) return [];
    const done = runbook.flatMap(({ title, by, doneAt }) =>
      doneAt === null ? [] : [`${title} (${by ?? 'nobody gave a name'}, ${formatInstant(doneAt)})`],
    );
    const left = runbook.filter(({ doneAt }) => doneAt === null).map(({ title }) => title);
    return [
      ...(done.length > 0 ? [`${drill}, rehearsed: ${done.join('; ')}.`] : []),
      ...(left.length > 0 ? [`${drill}, rehearsed by nobody: ${left.join('; ')}.`] : []),
    ];
  });
  return lines.length > 0 ? lines : ['No run tells of a runbook.'];
}

export function budgetText({ risks: { errorBudget } }: Review): string {
  if (errorBudget === undefined) return 'Not known: risks.yaml does not say what production has left of it.';
  return `${formatRatio(errorBudget.left)} of the month's were left on ${errorBudget.asOf}, by ${errorBudget.source}.`;
}

/** What a manager has to know of the drills that burn more than is left. */
export function overBudget({ risks: { errorBudget }, drills }: Review): string[] {
  if (errorBudget === undefined) return [];
  return drills
    .filter(({ burnedRatio }) => burnedRatio !== null && burnedRatio > errorBudget.left)
    .map((drill) => `What ${drill.drill} did would burn ${burnText(drill)} of the month's budget, more than is left.`);
}
