import type { Way } from '../../src/model/fault.ts';
import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';
import { databaseWritingIn, denyTraffic, subnetsOf } from '../shared/subnets.ts';
import { zoneByFis } from '../shared/zone-by-fis.ts';

/** Denies the traffic of the zone's subnets; its machines run on. The database fails over by order, as AWS's own scenario has it. */
export const byFis = ({ kind, zone, duration }: { kind: string; zone: string | undefined; duration: string }): Way =>
  zoneByFis({
    kind,
    zone,
    rolePolicies: ['Network', 'RDS'],
    template: (cut, resourceTags) => zonePartition(cut, duration, resourceTags),
  });

/** The experiment. @param duration in AWS's format. */
export const zonePartition = (
  zone: string,
  duration: string,
  resourceTags: Record<string, string>,
): ExperimentTemplate => ({
  description: `tenfold: ${zone} is cut off the network`,
  targets: { subnets: subnetsOf(zone, resourceTags), database: databaseWritingIn(zone, resourceTags) },
  actions: {
    cutNetwork: denyTraffic(duration),
    failOver: { actionId: 'aws:rds:failover-db-cluster', targets: { Clusters: 'database' } },
  },
  emptyTargets: 'skip',
});
