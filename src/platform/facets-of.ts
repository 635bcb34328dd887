import { type Capability, capabilities, type FacetOf } from '../model/capabilities.ts';
import type { FacetName, Facets } from '../model/facets.ts';
import type { Platform } from '../model/platform.ts';

/** The shop, and the facets of some capabilities: all that whoever asked for these sees of a platform. */
export type FacetsOf<C extends Capability> = Pick<Facets, FacetOf<C>> & Pick<Platform, 'shop'>;

/** @throws where the platform shows one of them not, which its target's capabilities rule out. */
export function facetsOf<C extends Capability>(platform: Platform, asked: readonly C[]): FacetsOf<C> {
  const names: (FacetName | null)[] = asked.map((capability) => capabilities[capability].facet);
  const missing = names.filter((name) => name !== null && platform[name] === undefined);
  if (missing.length === 0 && has<FacetOf<C>>(platform)) return platform;
  throw new Error(`the platform does not show its ${missing.join(', ')}`);
}

/** That it is so has been looked at by the caller; the compiler is told here. */
const has = <N extends FacetName>(_: Platform): _ is Platform & Pick<Facets, N> => true;
