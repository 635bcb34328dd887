import type { Capacity, CapacityStep } from '../model/capacity.ts';
import { mean } from '../statistics/rank-test.ts';
import {
  errorWithout,
  type FittedLaw,
  fitLaw,
  type LoadPoint,
  lawIntervals,
  leastPoints,
  peakOf,
} from '../statistics/universal-scalability.ts';
import { counted, number, percent, round3 } from '../verdict/words.ts';

/** One more than the law can be fitted to when each step in turn is left out of it. */
export const leastStepsForALaw = leastPoints + 1;
/** With fewer, three parameters follow every wave of the steps. */
const leastStepsToTrust = 6;
const confidence = 0.9;
/** Of the throughput of a step that the law has not seen. */
const maxRelativeError = 0.15;
/** A peak that is further away than this times the most calls in flight is a guess. */
const maxReach = 2;

type Model = NonNullable<Capacity['model']>;

/** The law of the steps that count, checked against steps that it has not seen; and why it is not to be trusted, if it is not. */
export function modelOf(steps: readonly CapacityStep[]): { model: Model; doubts: string[] } {
  const points = steps.map(({ inFlight, servedPerSecond }): LoadPoint => ({ inFlight, perSecond: servedPerSecond }));
  const law = fitLaw(points);
  const { peakPerSecond, ...intervals } = lawIntervals(points, law, confidence);
  const peak = peakOf(law);
  const all = points.map((_, index) => errorWithout(points, index));
  const [highest, last] = [steps.at(-1) as CapacityStep, all.at(-1) as (typeof all)[number]];
  const model: Model = {
    lambda: law.lambda,
    alpha: law.alpha,
    beta: law.beta,
    confidence,
    intervals,
    peak: peak && {
      inFlight: round3(peak.inFlight),
      perSecond: round3(peak.perSecond),
      lowPerSecond: round3(Math.min(peak.perSecond, peakPerSecond.low)),
      highPerSecond: Number.isFinite(peakPerSecond.high) ? round3(Math.max(peak.perSecond, peakPerSecond.high)) : null,
    },
    heldOut: {
      factor: highest.factor,
      predictedPerSecond: round3(last.predicted),
      measuredPerSecond: highest.servedPerSecond,
      relativeError: round3(last.relativeError),
      meanRelativeError: round3(mean(all.map(({ relativeError }) => relativeError))),
    },
  };
  return {
    model,
    doubts: [...tooFew(steps), ...boundDoubts(law), ...errorDoubts(model), ...reachDoubts(model, points)],
  };
}

const tooFew = ({ length }: readonly unknown[]): string[] =>
  length >= leastStepsToTrust ? [] : [`the law rests on ${counted(length, 'step')}; ${leastStepsToTrust} are needed`];

const whatTheySay = {
  alpha: 'contention (alpha) does not show',
  beta: 'coherency (beta) does not show, so the law has no peak',
} as const;

const boundDoubts = ({ atBounds }: FittedLaw): string[] =>
  atBounds.map((name) => `${whatTheySay[name]} in these steps: it is at the end of what it may be`);

function errorDoubts({ heldOut }: Model): string[] {
  const { factor, relativeError, meanRelativeError, predictedPerSecond, measuredPerSecond } = heldOut;
  const bound = `at most ${percent(maxRelativeError)} is allowed`;
  return [
    ...(relativeError > maxRelativeError
      ? [
          `the law of the other steps has ${number(predictedPerSecond)} answers/s at ${factor} times the baseline, where ${number(measuredPerSecond)} were measured: ${percent(relativeError)} off; ${bound}`,
        ]
      : []),
    ...(meanRelativeError > maxRelativeError
      ? [`each step predicted from the others is ${percent(meanRelativeError)} off on average; ${bound}`]
      : []),
  ];
}

/** A peak has to be where steps are: the law may rise and fall as it likes between two of them. */
function reachDoubts({ peak }: Model, points: readonly LoadPoint[]): string[] {
  if (peak === null) return [];
  const mostInFlight = Math.max(...points.map(({ inFlight }) => inFlight));
  const highest = Math.max(...points.map(({ perSecond }) => perSecond));
  const isWithin = peak.inFlight <= mostInFlight;
  const isOff =
    highest > peak.perSecond * (1 + maxRelativeError) ||
    (isWithin && peak.perSecond > highest * (1 + maxRelativeError));
  return [
    ...(peak.inFlight > mostInFlight * maxReach
      ? [
          `the law's peak is at ${number(peak.inFlight)} calls in flight, and no more than ${number(mostInFlight)} were measured`,
        ]
      : []),
    ...(isOff
      ? [`the law's peak is ${number(peak.perSecond)} answers/s, and ${number(highest)} is the most that was measured`]
      : []),
  ];
}
