import type { Capacity, CapacityStep } from '../model/capacity.ts';
import type { Facts, LoadStepFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type Outcome, whyEnded } from '../model/verdict.ts';
import { thresholds } from '../verdict/thresholds.ts';
import { counted, iso, isoOrNull } from '../verdict/words.ts';
import { firstThatGaveWay, lastThatGaveWay, withLeftOut } from './counting.ts';
import { headroomOf, kneeOf } from './knee.ts';
import { leastStepsForALaw, modelOf } from './law.ts';
import { factsOf, recommend } from './recommend.ts';
import { saturation } from './saturation.ts';
import { zoneLost } from './zones.ts';

const tenfold = 10;

/** What a run in steps says about how much the shop carries. Pure: the same facts and plan give the same. */
export function capacityOf(facts: Facts, plan: Plan): Capacity {
  const measured = facts.steps ?? [];
  const steps = withLeftOut(measured);
  const counting = steps.filter(({ leftOut }) => leftOut === null);
  const { baselineRatePerSecond } = plan.profile;
  const tenfoldRatePerSecond = baselineRatePerSecond * tenfold;
  const unknown: Record<string, string> = {};
  const orUnknown = <T>(path: string, value: T | string): T | null => {
    if (typeof value !== 'string') return value;
    unknown[path] = value;
    return null;
  };

  const ended = endOf(facts, steps, plan);
  const fitted = orUnknown('model', fitOf(counting));
  const notTrustedBecause = [
    ...outerDoubts(facts, ended, steps, measured),
    ...(fitted?.doubts ?? [unknown.model ?? '']),
  ];
  const carriedPerSecond = orUnknown('carriedPerSecond', carriedBy(counting));
  const knee = orUnknown('knee', kneeOf(counting, fitted?.model ?? null, ended));
  const trusted = notTrustedBecause.length === 0;
  const basis = { steps: factsOf(measured, steps), carriedPerSecond, tenfoldRatePerSecond };
  const saturatesFirst = orUnknown('saturatesFirst', firstOf(steps));
  const { recommended, unknown: notRecommended } = recommend(basis, saturatesFirst);
  const zonesLost = orUnknown('zonesLost', zoneLost(basis, brokenAt(steps)));
  if (knee === null) unknown['headroom.factor'] = unknown.knee ?? '';
  return {
    schemaVersion: 1,
    runId: facts.run.runId,
    target: facts.run.target,
    profile: plan.profile.name,
    command: facts.run.command,
    status: facts.run.status,
    outcome: outcomeOf(steps, { trusted, carriedPerSecond, tenfoldRatePerSecond, isWhole: ended.by !== 'early' }),
    startedAt: iso(facts.run.startedAtMs),
    finishedAt: isoOrNull(facts.run.finishedAtMs),
    environment: facts.run.environment,
    standIn: standInOf(facts),
    baselineRatePerSecond,
    tenfoldRatePerSecond,
    steps,
    ended,
    carriedPerSecond,
    model: fitted?.model ?? null,
    knee,
    headroom: headroomOf(knee, carriedPerSecond, tenfoldRatePerSecond),
    saturatesFirst,
    zonesLost,
    recommended,
    trusted,
    notTrustedBecause,
    unknown: { ...unknown, ...notRecommended },
  };
}

function endOf({ run }: Facts, steps: readonly CapacityStep[], { profile }: Plan): Capacity['ended'] {
  if (run.status !== 'completed') return { by: 'early', because: whyEnded(run) };
  const last = steps.at(-1);
  if (last === undefined) return { by: 'early', because: 'no step was held to its end' };
  const first = firstThatGaveWay(steps);
  if (first?.gaveWay) return first.gaveWay;
  const top = profile.steps?.at(-1);
  return last.factor === top
    ? { by: 'top', because: `nothing gave way up to ${top} times the baseline` }
    : {
        by: 'early',
        because: `the load ended after ${last.factor} times the baseline, and nothing that was measured says why`,
      };
}

function fitOf(counting: readonly CapacityStep[]): ReturnType<typeof modelOf> | string {
  if (counting.length >= leastStepsForALaw) return modelOf(counting);
  return `${counted(counting.length, 'step')} in which neither this machine nor the load side gave way are too few for the law: ${leastStepsForALaw} are needed`;
}

/** What keeps the model from being about the shop as it was meant to be measured. */
function outerDoubts(
  facts: Facts,
  ended: Capacity['ended'],
  steps: readonly CapacityStep[],
  measured: readonly LoadStepFact[],
): string[] {
  const hiccups = steps
    .slice(0, steps.length - lastThatGaveWay(steps).length)
    .filter(({ gaveWay }) => gaveWay !== null);
  const pods = measured.flatMap((step) => (step.pods === null ? [] : [step.pods.least, step.pods.most]));
  return [
    ...(ended.by === 'early' ? [`the run did not go to its end: ${ended.because}`] : []),
    ...(ended.by === 'host'
      ? [`this machine itself gave way first, so nothing is said of the shop beyond that: ${ended.because}`]
      : []),
    ...(ended.by === 'load'
      ? [`the load side gave way first, so nothing is said of the shop beyond that: ${ended.because}`]
      : []),
    ...(new Set(pods).size > 1
      ? [`between ${Math.min(...pods)} and ${Math.max(...pods)} pods served: the law is about a fixed number`]
      : []),
    ...hiccups.map(
      ({ factor, gaveWay }) =>
        `at ${factor} times the baseline something gave way, and not at more: ${gaveWay?.because}`,
    ),
    ...facts.problems
      .filter(({ about }) => about === 'load' || about === 'evidence')
      .map(({ message }) => `the evidence is in doubt: ${message}`),
  ];
}

const carriedBy = (counting: readonly CapacityStep[]): number | string =>
  counting.findLast(({ gaveWay }) => gaveWay === null)?.startedPerSecond ??
  'no step was held in which nothing gave way';

function firstOf(steps: readonly CapacityStep[]): NonNullable<Capacity['saturatesFirst']> | string {
  const first = firstThatGaveWay(steps);
  if (first === undefined) return 'nothing gave way';
  return (
    saturation(first, steps[0] as CapacityStep) ??
    `${first.gaveWay?.because}; but nothing that is measured was at its limit: the pods' CPU, pools of connections, or the edge`
  );
}

/** A promise that is broken at up to ten times fails whatever the model is worth; that ten times is carried takes a model to trust. */
function outcomeOf(
  steps: readonly CapacityStep[],
  known: { trusted: boolean; carriedPerSecond: number | null; tenfoldRatePerSecond: number; isWhole: boolean },
): Outcome {
  const first = firstThatGaveWay(steps);
  // A single step may have been a hiccup: the load would have gone on.
  const isConfirmed = known.isWhole || lastThatGaveWay(steps).length > 1;
  if (isConfirmed && isBroken(first) && first.factor <= tenfold) return 'fail';
  const carries = (known.carriedPerSecond ?? 0) >= known.tenfoldRatePerSecond * thresholds.minPeakShare;
  return known.trusted && carries ? 'pass' : 'inconclusive';
}

/** Whether it was the shop that gave way. */
const isBroken = (step: CapacityStep | undefined): step is CapacityStep =>
  step?.gaveWay?.by === 'promise' && step.leftOut === null;

function brokenAt(steps: readonly CapacityStep[]): number | null {
  const first = firstThatGaveWay(steps);
  return isBroken(first) ? first.plannedPerSecond : null;
}

function standInOf({ run, host }: Facts): string | null {
  if (run.target !== 'local') return null;
  const cores = host.cpuCount === null ? 'the cores' : counted(host.cpuCount, 'core');
  return `This is a pocket region: shop, database, edge, k6 and sentinel share ${cores} of one machine. The numbers are about this stand-in, and about no production.`;
}
