import type { Capability } from '../../src/model/capabilities.ts';
import { Unheard } from '../../src/model/errors.ts';
import type { ActiveFault, FaultContext, Way } from '../../src/model/fault.ts';
import { type FacetsOf, facetsOf } from '../../src/platform/facets-of.ts';
import { untilHealthy } from '../../src/platform/healthy.ts';
import { waitFor } from '../../src/runtime/clock.ts';

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
  const seen = async (context: FaultContext): Promise<WayContext<C>> => {
    if (rest.requires.some((one) => toldByThePlatform.includes(one))) await untilHeard(context);
    const { platform, ...others } = context;
    return {
      ...others,
      on: facetsOf(platform, rest.requires),
      untilHealthy: ({ timeoutMs }) => untilHealthy(platform, { timeoutMs, signal: others.signal }),
    };
  };
  return {
    ...rest,
    check: async (context) => await check(await seen(context)),
    ...(holdsAlready && { holdsAlready: async (context) => await holdsAlready(await seen(context)) }),
    inject: async (context) => await inject(await seen(context)),
  };
}

const toldByThePlatform: readonly Capability[] = ['node-inventory', 'database-failover'];
/** A watch that breaks is opened again within a second where the API server is there. */
const heardWithinMs = 10_000;

/** Gives a platform of which nothing is heard just now some seconds. What is still unheard of then is told by whoever needs it. */
async function untilHeard({ platform: { cluster }, signal }: FaultContext): Promise<void> {
  const heard = async () => {
    const failure: unknown = await cluster?.inventory().catch((error: unknown) => error);
    return failure instanceof Unheard ? undefined : true;
  };
  const waiting = { timeoutMs: heardWithinMs, intervalMs: 250, signal };
  await waitFor('the platform to be heard of', heard, waiting).catch(() => signal.throwIfAborted());
}
