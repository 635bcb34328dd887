import type {
  Change,
  LeftOut,
  Measure,
  MeasureId,
  MeasureTrend,
  Reference,
  Series,
  Shift,
  Trend,
} from '../../model/history.ts';
import { capitalised, formatMs, formatRatio, notMeasured, plural } from '../format.ts';
import { pathLabel } from '../key-numbers.ts';

/** What a trend comes to, worst first. */
export type TrendState = 'worse' | 'flaky' | 'too few' | 'better' | 'none shown';

export const stateWords: Record<TrendState, string> = {
  worse: 'WORSE',
  flaky: 'FLAKY',
  'too few': 'TOO FEW RUNS',
  better: 'BETTER',
  'none shown': 'NO CHANGE SHOWN',
};

export function stateOf(trend: Trend): TrendState {
  const shifts = namedShifts(trend);
  if (shifts.some(({ isWorse }) => isWorse)) return 'worse';
  if (trend.outcomes.kind === 'flaky') return 'flaky';
  if (trend.tests === 0 && runsThatCount(trend) < trend.leastRuns) return 'too few';
  return shifts.some(({ isBetter }) => isBetter) ? 'better' : 'none shown';
}

const runsThatCount = ({ outcomes }: Trend): number => outcomes.passed + outcomes.failed;

export interface Named {
  isWorse: boolean;
  isBetter: boolean;
  sentence: string;
}

/** What was named. Later detection is told, and is neither better nor worse: a milder failure is noticed later, too. */
export function namedShifts({ measures, outcomes }: Trend): Named[] {
  const ofOutcomes = outcomes.change === null ? [] : [told(outcomes.change, outcomesSentence(outcomes.change), true)];
  const ofMeasures = measures.flatMap((measure) => [
    ...(measure.change === null
      ? []
      : [told(measure.change, changeSentence(measure, measure.change), measure.isPromised)]),
    ...(measure.againstReference === null
      ? []
      : [told(measure.againstReference, referenceSentence(measure, measure.againstReference), measure.isPromised)]),
  ]);
  return [...ofOutcomes, ...ofMeasures];
}

const told = ({ direction }: Shift, sentence: string, isPromised: boolean): Named => ({
  isWorse: isPromised && direction === 'up',
  isBetter: isPromised && direction === 'down',
  sentence,
});

const changeSentence = ({ id }: MeasureTrend, change: Change): string =>
  `${measureName(id)} went ${fromTo(id, change)} ${since(change)}`;

const outcomesSentence = (change: Change): string =>
  `${formatRatio(change.after)} of the runs failed instead of ${formatRatio(change.before)} ${since(change)}`;

const referenceSentence = ({ id }: MeasureTrend, shift: Shift): string =>
  `${measureName(id)} is ${valueText(id, shift.after)} in the last ${plural(shift.runsAfter, 'run')}, and was ${valueText(id, shift.before)} in the ${plural(shift.runsBefore, 'run')} of the reference (${pText(shift)}).`;

const fromTo = (id: MeasureId, { before, after }: Shift): string =>
  `from ${valueText(id, before)} to ${valueText(id, after)}`;

function since({ first, lastBefore, otherVersions, runsBefore, runsAfter, p }: Change): string {
  const commit =
    first.commit === lastBefore.commit
      ? `commit ${commitText(first.commit)}, as before`
      : `commit ${commitText(first.commit)}; the run before had ${commitText(lastBefore.commit)}`;
  const versions = otherVersions.length === 0 ? '' : `; ${otherVersions.join('; ')}`;
  return `with run ${first.runId} (${commit}${versions}): ${runsBefore} before it, ${runsAfter} from it on, ${pText({ p })}.`;
}

const pText = ({ p }: Pick<Shift, 'p'>): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

export const commitText = (commit: string | null): string => commit?.slice(0, 12) ?? 'unknown';

export function measureName(id: MeasureId): string {
  const [kind, path = '', phase] = id.split('.');
  if (id === 'detection.proof') return 'Fault seen to bite';
  if (id === 'detection.page') return 'Alert would page';
  return kind === 'recovery'
    ? `${capitalised(path)} recovery`
    : `${pathLabel(path === 'api' ? 'api' : 'checkout')} p99, ${phase}`;
}

/** A time, or the word for one that is worse than any. */
export function valueText(id: MeasureId, ms: number): string {
  if (Number.isFinite(ms)) return formatMs(ms);
  return id.startsWith('recovery.') ? 'not recovered' : 'failed';
}

/** Between which a measure is uncertain. */
export function intervalText({ id, lowMs, highMs }: Measure): string {
  if (lowMs === null && highMs === null) return '';
  if (lowMs === highMs) return valueText(id, lowMs ?? 0);
  if (highMs === null) return `at least ${valueText(id, lowMs ?? 0)}`;
  return `${valueText(id, lowMs ?? 0)} to ${valueText(id, highMs)}`;
}

export const measureText = (measure: Measure | null): string =>
  measure === null ? notMeasured : valueText(measure.id, measure.valueMs);

/** Which runs these are. */
export const seriesText = ({ target, profile, scale, without }: Series): string =>
  [target, profile, scale, ...(without.length > 0 ? [`without ${without.join(', ')}`] : [])].join(', ');

/** One sentence that says what there is to know first. */
export function trendHeadline(trend: Trend): string {
  const { leastRuns, error, outcomes, tests } = trend;
  const counted = runsThatCount(trend);
  const shifts = namedShifts(trend);
  const worse = shifts.find(({ isWorse }) => isWorse) ?? shifts.find(({ isBetter }) => isBetter);
  switch (stateOf(trend)) {
    case 'flaky':
      return `${outcomes.failed} of ${plural(counted, 'run')} failed now and then, and nothing changed in between: the drill is flaky, or the promise is on the edge.`;
    case 'too few':
      return `${counted === 0 ? 'No run counts' : `Only ${plural(counted, 'run')} ${counted === 1 ? 'counts' : 'count'}`} so far; a change can be shown from ${leastRuns} on.`;
    case 'none shown':
      return `No change of what is promised is shown by ${plural(tests, 'test')} on ${plural(counted, 'run')}, at an error of ${formatRatio(error)} for all of them together.`;
    default:
      return worse?.sentence ?? '';
  }
}

/** What else a reader should know, a line each. */
export function trendNotes(trend: Trend): string[] {
  const { outcomes, reference, notCompared, shown, leastRuns } = trend;
  const uncounted = shown.length - runsThatCount(trend);
  return [
    `${plural(outcomes.passed, 'run')} passed, ${outcomes.failed} failed${uncounted === 0 ? '' : `; ${uncounted} inconclusive or not completed, shown and counted in nothing`}.`,
    ...(outcomes.mixedCommits.length === 0
      ? []
      : [`The same commit passed and failed: ${outcomes.mixedCommits.map(commitText).join(', ')}.`]),
    ...(outcomes.kind === 'unclear'
      ? ['Whether failures come with a change or by chance, these runs do not tell.']
      : []),
    ...(reference === null ? [] : referenceNotes(reference)),
    ...(runsThatCount(trend) < leastRuns && stateOf(trend) !== 'too few'
      ? [`A change of level can be shown from ${plural(leastRuns, 'run')} on.`]
      : []),
    ...notCompared.map(({ why, runs }) => `Not compared: ${plural(runs, 'run')} ${why}.`),
  ];
}

function referenceNotes({ runIds, setAt, runsSince, least }: Reference): string[] {
  const which = `Reference: ${plural(runIds.length, 'run')}, ${runIds[0]} to ${runIds.at(-1)}, set ${setAt.slice(0, 10)}; ${plural(runsSince, 'run')} since.`;
  if (least.since === null)
    return [
      which,
      `To compare with it takes a reference of at least ${least.runs} runs: name the drill, for its newest ones.`,
    ];
  return runsSince < least.since
    ? [which, `They can be compared from ${plural(least.since, 'run')} since on.`]
    : [which];
}

export const leftOutText = ({ folder, why }: LeftOut): string => `${folder}: ${why}`;
