import type { Capability } from '../../src/model/capabilities.ts';
import type { ActiveFault, FaultContext, Way } from '../../src/model/fault.ts';
import { type FacetsOf, facetsOf } from '../../src/platform/facets-of.ts';
import { untilHealthy } from '../../src/platform/healthy.ts';

/** What a way sees: of the platform only the facets that it requires. */
export interface WayContext<C extends Capability> extends Omit<FaultContext, 'platform'> {
  on: FacetsOf<C>;
  /** Waits until the platform has all that it should have; rejects with what is still missing. */
  untilHealthy(options: { timeoutMs: number }): Promise<void>;
}

export interface WayOf<C extends Capability> extends Omit<Way, 'requires' | 'check' | 'holdsAlready' | 'inject'> {
  requires: readonly C[];
  check(context: WayContext<C>): Promise<string[]>;
  holdsAlready?(context: WayContext<C>): Promise<string | undefined>;
  inject(context: WayContext<C>): Promise<ActiveFault>;
}

/** A way whose functions get the facets that it requires, by type. */
export function way<C extends Capability>({ check, holdsAlready, inject, ...rest }: WayOf<C>): Way {
  const seen = ({ platform, ...others }: FaultContext): WayContext<C> => ({
    ...others,
    on: facetsOf(platform, rest.requires),
    untilHealthy: ({ timeoutMs }) => untilHealthy(platform, { timeoutMs, signal: others.signal }),
  });
  return {
    ...rest,
    check: (context) => check(seen(context)),
    ...(holdsAlready && { holdsAlready: (context) => holdsAlready(seen(context)) }),
    inject: (context) => inject(seen(context)),
  };
}
