import type { Orders } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { type Aim, fisWay } from '../shared/fis-way.ts';
import { denyTraffic, mostSubnets } from '../shared/subnets.ts';

/** No order's key starts with it: the question is only whether there is an answer. */
const noOrders = 'is-anybody-there-';

type On = FacetsOf<'fis' | 'order-readback'>;

/**
 * The network denies all traffic of the database's subnets (`aws:network:disrupt-connectivity`), found by the tag
 * `tenfold:tier=database`. Proven when orders can no longer be read back from it.
 * @param duration in AWS's format.
 */
export const byFis = (kind: string, duration: string): Way =>
  fisWay({
    kind,
    requires: ['order-readback'],
    rolePolicies: ['Network'],
    aim: (on) => aim(kind, duration, on),
  });

async function aim(kind: string, duration: string, { aws, orders }: On): Promise<Aim | string[]> {
  const before = await whyOutOfReach(orders);
  if (before !== undefined) return [`${kind} finds no target: the database is out of reach already (${before})`];
  return {
    template: cutDatabaseOff(duration, aws.resourceTags),
    blastRadius: { subnets: { atLeast: 1, atMost: mostSubnets } },
    async evidence() {
      const why = await whyOutOfReach(orders);
      return why && `orders cannot be read from the database (${why})`;
    },
  };
}

/** Undefined when the database answers. */
const whyOutOfReach = (orders: Orders): Promise<string | undefined> =>
  orders.read(noOrders, nowMs()).then(
    () => undefined,
    (error: Error) => error.message,
  );

/** The experiment that denies all traffic of the database's subnets. */
export const cutDatabaseOff = (duration: string, resourceTags: Record<string, string>): ExperimentTemplate => ({
  description: 'tenfold: nobody reaches the database',
  targets: {
    subnets: { resourceType: 'aws:ec2:subnet', resourceTags: { ...resourceTags, 'tenfold:tier': 'database' } },
  },
  actions: { denyTraffic: denyTraffic(duration) },
  emptyTargets: 'fail',
});
