import type { Fault } from '../src/model/fault.ts';
import type { Platform } from '../src/model/target.ts';
import type { ExperimentTemplate } from '../src/platform/fis-requests.ts';
import { nowMs } from '../src/runtime/clock.ts';
import { durationMs } from './shared/duration.ts';
import { type Aim, fisExperiment } from './shared/fis-experiment.ts';
import { denyTraffic, mostSubnets } from './shared/subnets.ts';

const kind = 'database-unreachable';
/** No order's key starts with it: what is asked is whether there is an answer. */
const noOrders = 'is-anybody-there-';

/**
 * Nobody reaches the database for a while, and it loses nothing: the network denies all traffic of its subnets
 * (`aws:network:disrupt-connectivity`), which are found by the tag `tenfold:tier=database`.
 * Proven when orders cannot be read back from it any more.
 * @param options duration: as AWS writes it.
 */
export const databaseUnreachable = ({ duration }: { duration: string }): Fault =>
  fisExperiment({
    kind,
    summary: `nobody reaches the database for ${duration}`,
    requires: ['fis', 'order-readback'],
    effects: [{ kind, startsAfterMs: 0, awsDurationMs: durationMs(duration) }],
    hits: ({ databaseInstances: { length } }) => [
      { kind: 'database instance', which: 'all of them, by their subnets', count: length, of: length },
    ],
    rolePolicies: ['Network'],
    problems: ({ databaseInstances }) =>
      databaseInstances.length === 0
        ? [`${kind} finds no database: the platform has none; choose a target with a database`]
        : [],
    aim: (platform) => aim(platform, duration),
  });

async function aim(platform: Platform, duration: string): Promise<Aim | string[]> {
  const before = await whyOutOfReach(platform);
  if (before !== undefined) return [`${kind} finds no target: the database is out of reach already (${before})`];
  return {
    template: cutDatabaseOff(duration, platform.aws?.resourceTags ?? {}),
    blastRadius: { subnets: { atLeast: 1, atMost: mostSubnets } },
    async bit() {
      const why = await whyOutOfReach(platform);
      return why && `orders cannot be read from the database (${why})`;
    },
  };
}

/** Undefined when the database answers. */
const whyOutOfReach = (platform: Platform): Promise<string | undefined> =>
  platform.readOrders(noOrders, nowMs()).then(
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
