import type { CapacityStep } from '../model/capacity.ts';
import type { LoadStepFact } from '../model/facts.ts';
import { thresholds } from '../verdict/thresholds.ts';
import { number } from '../verdict/words.ts';
import { judgeStep } from './judge-step.ts';

type Judged = Omit<CapacityStep, 'leftOut'>;

/** The highest steps, which all gave way: one in between may be a hiccup. */
export function lastThatGaveWay<S extends Judged>(steps: readonly S[]): S[] {
  return steps.slice(steps.findLastIndex(({ gaveWay }) => gaveWay === null) + 1);
}

/** Where this machine or the load side gave way, a promise that was broken just before may be its doing. */
export function firstThatGaveWay<S extends Judged>(steps: readonly S[]): S | undefined {
  const last = lastThatGaveWay(steps);
  return last.find(({ gaveWay }) => gaveWay?.by !== 'promise') ?? last[0];
}

/** Each step, and why it tells nothing of the shop, if it does not. */
export function withLeftOut(measured: readonly LoadStepFact[]): CapacityStep[] {
  const steps = measured.map(judgeStep);
  const first = firstThatGaveWay(steps);
  const spoiltFrom = first?.gaveWay?.by === 'promise' ? Infinity : (lastThatGaveWay(steps)[0]?.factor ?? Infinity);
  return steps.map((step, index) => ({
    ...step,
    leftOut:
      step.factor >= spoiltFrom ? (first?.gaveWay?.because ?? null) : whyLeftOut(step, measured[index] as LoadStepFact),
  }));
}

function whyLeftOut(
  { gaveWay, servedPerSecond, inFlight }: Judged,
  { seconds, robbedSeconds }: LoadStepFact,
): string | null {
  if (gaveWay !== null && gaveWay.by !== 'promise') return gaveWay.because;
  if (servedPerSecond === 0 || inFlight === 0) return 'no right answer came';
  if (robbedSeconds > seconds * thresholds.maxRobbedShare)
    return `others took ${number(robbedSeconds)} of ${number(seconds)} s from this machine`;
  return null;
}
