import catalogue from '../protections.json' with { type: 'json' };
import { RegionError } from './errors.ts';

export type RegionProtection = keyof typeof catalogue.region;

/** What is switched off, by owner. */
export interface Switches {
  region: Set<RegionProtection>;
  shop: string[];
}

/** Sorts names of protections by owner. Throws RegionError (exit code 4), listing the known ones, on unknown ones. */
export function readSwitches(names: string[]): Switches {
  const isRegions = (name: string): name is RegionProtection => Object.hasOwn(catalogue.region, name);
  const isShops = (name: string) => Object.hasOwn(catalogue.shop, name);
  const unknown = names.filter((name) => !isRegions(name) && !isShops(name));
  if (unknown.length > 0) {
    const known = [...Object.keys(catalogue.region), ...Object.keys(catalogue.shop)].sort();
    throw new RegionError(`--without names no protection: ${unknown.join(', ')}. Known: ${known.join(', ')}.`, 4);
  }
  return { region: new Set(names.filter(isRegions)), shop: names.filter(isShops) };
}
