import type { Way } from '../../src/model/fault.ts';
import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';
import { databaseWritingIn, denyTraffic, subnetsOf } from '../shared/subnets.ts';
import { zoneByFis } from '../shared/zone-by-fis.ts';

interface Outage {
  kind: string;
  zone: string | undefined;
  /** In AWS's format. */
  duration: string;
}

/** Its network, its machines and the writer at once. */
export const byFis = ({ kind, zone, duration }: Outage): Way =>
  zoneByFis({
    kind,
    zone,
    rolePolicies: ['EC2', 'Network', 'RDS'],
    template: (dark, resourceTags) => powerInterruption(dark, duration, resourceTags),
  });

/** The experiment. Targets that a platform does not have are skipped, as AWS's scenario does. */
export const powerInterruption = (
  zone: string,
  duration: string,
  resourceTags: Record<string, string>,
): ExperimentTemplate => ({
  description: `tenfold: power interruption in ${zone}`,
  targets: {
    subnets: subnetsOf(zone, resourceTags),
    nodes: {
      resourceType: 'aws:ec2:instance',
      resourceTags,
      filters: [
        { path: 'State.Name', values: ['running'] },
        { path: 'Placement.AvailabilityZone', values: [zone] },
      ],
    },
    nodeGroups: { resourceType: 'aws:ec2:autoscaling-group', resourceTags },
    database: databaseWritingIn(zone, resourceTags),
  },
  actions: {
    cutNetwork: denyTraffic(duration),
    stopNodes: {
      actionId: 'aws:ec2:stop-instances',
      parameters: { startInstancesAfterDuration: duration, completeIfInstancesTerminated: 'true' },
      targets: { Instances: 'nodes' },
    },
    pauseLaunches: {
      actionId: 'aws:ec2:asg-insufficient-instance-capacity-error',
      parameters: { availabilityZoneIdentifiers: zone, duration, percentage: '100' },
      targets: { AutoScalingGroups: 'nodeGroups' },
    },
    failOver: { actionId: 'aws:rds:failover-db-cluster', targets: { Clusters: 'database' } },
  },
  emptyTargets: 'skip',
});
