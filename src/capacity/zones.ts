import type { Capacity } from '../model/capacity.ts';
import { counted, number, round3 } from '../verdict/words.ts';
import { type Basis, noStep } from './recommend.ts';

/**
 * N-1: what is carried without the zone that has the most pods, if each of the others goes on to carry what it does now.
 * @param brokenAtPerSecond the lowest rate at which a promise was broken; null: none was
 */
export function zoneLost(basis: Basis, brokenAtPerSecond: number | null): NonNullable<Capacity['zonesLost']> | string {
  const { steps, carriedPerSecond, tenfoldRatePerSecond } = basis;
  if (steps.length === 0) return noStep;
  const byZone = Object.entries(steps.at(-1)?.pods?.byZone ?? {}).sort(([, a], [, b]) => b - a);
  const [largest] = byZone;
  if (largest === undefined || byZone.length < 2) return 'the platform does not tell in which zones its pods are';
  if (carriedPerSecond === null) return 'it is not known what the shop carries';
  const [zone, lost] = largest;
  const pods = byZone.reduce((sum, [, count]) => sum + count, 0);
  const podsLeft = pods - lost;
  const share = podsLeft / pods;
  const carries = round3(carriedPerSecond * share);
  // What is carried lies between the last rate that was and the first that was not.
  const isTooLittle = brokenAtPerSecond !== null && brokenAtPerSecond * share < tenfoldRatePerSecond;
  const carriesTenfold = carries >= tenfoldRatePerSecond ? true : isTooLittle ? false : null;
  return {
    zone,
    podsLeft,
    carriesPerSecond: carries,
    carriesTenfold,
    because: `computed: ${number(carriedPerSecond)} requests/s over ${counted(pods, 'pod')} are ${number(carries)} over the ${podsLeft} outside ${zone}; the drill az-outage shows it`,
  };
}
