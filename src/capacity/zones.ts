import type { Capacity } from '../model/capacity.ts';
import { counted, number, round3 } from '../verdict/words.ts';
import { type Basis, noStep } from './recommend.ts';

/**
 * N-1: what is carried without the zone that has the most pods, if each of the others goes on to carry what it does now.
 * @param isLimit whether more than that is known not to be carried
 */
export function zoneLost(basis: Basis, isLimit: boolean): NonNullable<Capacity['zonesLost']> | string {
  const { steps, carriedPerSecond, tenfoldRatePerSecond } = basis;
  if (steps.length === 0) return noStep;
  const byZone = Object.entries(steps.at(-1)?.pods?.byZone ?? {}).sort(([, a], [, b]) => b - a);
  const [largest] = byZone;
  if (largest === undefined || byZone.length < 2) return 'the platform does not tell in which zones its pods are';
  if (carriedPerSecond === null) return 'it is not known what the shop carries';
  const [zone, lost] = largest;
  const pods = byZone.reduce((sum, [, count]) => sum + count, 0);
  const podsLeft = pods - lost;
  const carries = round3((carriedPerSecond / pods) * podsLeft);
  const carriesTenfold = carries >= tenfoldRatePerSecond ? true : isLimit ? false : null;
  return {
    zone,
    podsLeft,
    carriesPerSecond: carries,
    carriesTenfold,
    because: `computed: ${number(carriedPerSecond)} requests/s over ${counted(pods, 'pod')} are ${number(carries)} over the ${podsLeft} outside ${zone}; the drill az-outage shows it`,
  };
}
