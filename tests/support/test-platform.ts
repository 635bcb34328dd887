import type { Facets } from '../../src/model/facets.ts';
import type { Platform } from '../../src/model/platform.ts';

/** A platform of some facets, with a shop that does not answer. */
export const testPlatform = (facets: Partial<Facets & Pick<Platform, 'shop'>> = {}): Platform => ({
  kept: false,
  pid: null,
  shop: { baseUrl: 'http://127.0.0.1:9', tenants: [] },
  versions: {},
  scale: 'none',
  fidelity: [],
  ...facets,
  [Symbol.asyncDispose]: async () => {},
});
