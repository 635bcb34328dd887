import { maxBusyShare, usualDivisor } from '../plan/scale.ts';
import { thresholds } from '../verdict/thresholds.ts';
import type { Answer, Check } from './check.ts';
import type { Load } from './load.ts';

/** Whether this host can send the traffic, and bear the shop where that is on it: measured, as a drill does it. */
export const headroom: Check = {
  id: 'headroom',
  title: 'Headroom',
  run: async (context) => [judgeHeadroom(await context.load(), context.standsUp)],
};

export function judgeHeadroom(load: Load, isShopHere: boolean): Answer {
  const { divisor, busyShare, cores, exchangeCostMs, requestsPerSecond } = load;
  const traffic = `${divisor === undefined ? '' : `1:${divisor} of the reference platform, `}${Math.round(requestsPerSecond)} requests/s at peak`;
  const busy =
    `about ${Math.round(busyShare * 100)} % of ${cores} cores for ${isShopHere ? 'generator, shop and database' : 'the generator'}` +
    ` (an HTTP exchange through an edge takes ${exchangeCostMs.toFixed(2)} ms of CPU time)`;
  if (busyShare > thresholds.maxPeakBusyRatio)
    return {
      outcome: 'problem',
      message: `${traffic} is too much for this host: ${busy}`,
      remedy: `use more or faster cores, and stop other programs${isShopHere ? '' : ', or reduce traffic in the config'}`,
    };
  if (busyShare > maxBusyShare)
    return {
      outcome: 'warning',
      message: `${traffic} leaves little to spare: ${busy}`,
      remedy: 'use more or faster cores, or expect timing findings to be inconclusive now and then',
    };
  if (divisor !== undefined && divisor > usualDivisor)
    return {
      outcome: 'warning',
      message: `${traffic} is what fits, instead of 1:${usualDivisor}: ${busy}`,
      remedy: 'use more or faster cores for the usual traffic; with less traffic drills take longer',
    };
  return { outcome: 'ok', message: `${traffic}: ${busy}` };
}
