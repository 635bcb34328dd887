import { availableParallelism } from 'node:os';
import { peakRatePerSecond } from '../model/profile.ts';
import { virtualUsersOf } from '../plan/make-plan.ts';
import { atScale, busyShareOf, instrumentsShareOf, scaleThatFits } from '../plan/scale.ts';
import { measureExchangeCost } from '../runtime/exchange-cost.ts';
import type { Site } from './check.ts';

/** What a drill would ask of this host, with the traffic that is chosen for it. */
export interface Load {
  requestsPerSecond: number;
  virtualUsers: number;
  exchangeCostMs: number;
  cores: number;
  /** Share of all cores at peak; above 1 it does not fit. */
  busyShare: number;
  /** The traffic as 1:n of the reference platform's; undefined where it stands as it is. */
  divisor: number | undefined;
}

/** Measures what this host can do, as a drill does before its plan. */
export async function measureLoad(site: Pick<Site, 'target' | 'profile'>): Promise<Load> {
  return loadOn(site, await measureExchangeCost(), availableParallelism());
}

/** @param exchangeCostMs see `measureExchangeCost` */
export function loadOn(
  { target, profile: asked }: Pick<Site, 'target' | 'profile'>,
  exchangeCostMs: number,
  cores: number,
): Load {
  const isShopHere = target.name === 'local';
  const divisor =
    isShopHere && !asked.inSessions ? scaleThatFits(exchangeCostMs, cores, asked.peakFactor).divisor : undefined;
  const profile = divisor === undefined ? asked : atScale(asked, divisor);
  const requestsPerSecond = peakRatePerSecond(profile);
  const { browseVus, buyVus } = virtualUsersOf(profile, target.checkoutShare);
  const shareOf = isShopHere ? busyShareOf : instrumentsShareOf;
  return {
    requestsPerSecond,
    virtualUsers: browseVus + buyVus,
    exchangeCostMs,
    cores,
    busyShare: shareOf(requestsPerSecond, exchangeCostMs, cores),
    divisor,
  };
}
