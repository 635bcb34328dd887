import type { Capacity, CapacityStep } from '../model/capacity.ts';
import { number, round3 } from '../verdict/words.ts';
import { firstThatGaveWay } from './counting.ts';

/**
 * The smaller of the law's peak and the first rate from which on a promise is broken. A peak below a rate at which nothing gave way is
 * none: there the law is wrong.
 */
export function kneeOf(
  counting: readonly CapacityStep[],
  model: Capacity['model'],
  ended: Capacity['ended'],
): NonNullable<Capacity['knee']> | string {
  const byPromise = kneeByPromise(counting);
  const carried = Math.max(
    0,
    ...counting.filter(({ gaveWay }) => gaveWay === null).map((step) => step.servedPerSecond),
  );
  const peak = kneeByLaw(model);
  const byLaw = peak && peak.ratePerSecond >= carried ? peak : null;
  if (byPromise && (byLaw === null || byPromise.ratePerSecond <= byLaw.ratePerSecond)) return byPromise;
  if (byLaw !== null) return byLaw;
  const law =
    model === null
      ? 'there is no law'
      : peak === null
        ? 'the law has no peak'
        : `the law's peak, ${number(peak.ratePerSecond)} answers/s, is less than the ${number(carried)} that came with nothing giving way`;
  return `no promise of the shop was broken, and ${law}; the load ended because ${ended.because}`;
}

function kneeByPromise(counting: readonly CapacityStep[]): Capacity['knee'] {
  const first = firstThatGaveWay(counting);
  if (first === undefined) return null;
  const before = counting[counting.indexOf(first) - 1];
  return {
    ratePerSecond: first.startedPerSecond,
    lowPerSecond: before?.startedPerSecond ?? 0,
    highPerSecond: first.startedPerSecond,
    by: 'promise',
  };
}

const kneeByLaw = (model: Capacity['model']): Capacity['knee'] =>
  model?.peak
    ? {
        ratePerSecond: model.peak.perSecond,
        lowPerSecond: model.peak.lowPerSecond,
        highPerSecond: model.peak.highPerSecond,
        by: 'law',
      }
    : null;

export function headroomOf(knee: Capacity['knee'], carried: number | null, tenfoldRate: number): Capacity['headroom'] {
  const over = (rate: number | null | undefined): number | null => (rate == null ? null : round3(rate / tenfoldRate));
  return {
    atLeast: over(carried),
    factor: over(knee?.ratePerSecond),
    low: over(knee?.lowPerSecond),
    high: over(knee?.highPerSecond),
  };
}
