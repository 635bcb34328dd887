import type { LiveNode } from '../../src/model/facets.ts';
import type { Way } from '../../src/model/fault.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';
import { tooManyNodes } from '../shared/blast-radius.ts';
import { type Aim, fisWay } from '../shared/fis-way.ts';
import { denyTraffic, mostSubnets } from '../shared/subnets.ts';
import { findWriter, writerChange } from '../shared/writer.ts';

interface Outage {
  kind: string;
  zone: string | undefined;
  /** In AWS's format. */
  duration: string;
}

type On = FacetsOf<'fis' | 'database-failover' | 'node-inventory'>;

/** All of it by one experiment. Proven when none of the zone's nodes is ready and the writer has left the zone. */
export const byFis = (outage: Outage): Way =>
  fisWay({
    kind: outage.kind,
    requires: ['database-failover', 'node-inventory'],
    rolePolicies: ['EC2', 'Network', 'RDS'],
    aim: (on) => aim(outage, on),
  });

async function aim({ kind, zone: wanted, duration }: Outage, { aws, cluster, database }: On): Promise<Aim | string[]> {
  const writer = await findWriter(database);
  const zone = wanted ?? writer?.zone;
  if (zone === undefined) return [`${kind} finds no target: the database has no writer`];
  const { nodes } = await cluster.inventory();
  const inZone = nodes.filter((node) => node.zone === zone);
  const hit = inZone.filter(({ ready }) => ready);
  if (hit.length === 0) return [`${kind} finds no target: no node of ${zone} is ready`];
  const tooMany = tooManyNodes(kind, inZone.length, nodes.length);
  if (tooMany.length > 0) return tooMany;
  const former = writer?.zone === zone ? writer.id : undefined;
  return {
    template: powerInterruption(zone, duration, aws.resourceTags),
    blastRadius: {
      nodes: { atLeast: hit.length, atMost: inZone.length },
      subnets: { atLeast: 1, atMost: mostSubnets },
      database: { atLeast: former ? 1 : 0, atMost: 1 },
    },
    async evidence() {
      const dark = darkness(zone, hit, (await cluster.inventory()).nodes);
      const moved = former ? await writerChange(database, former) : 'the writer is in another zone';
      return dark && moved && `${dark}; ${moved}`;
    },
  };
}

/** Evidence that none of a zone's nodes is ready; undefined while one is. */
function darkness(zone: string, hit: LiveNode[], now: LiveNode[]): string | undefined {
  const ready = new Set(now.filter((node) => node.ready).map(({ id }) => id));
  if (hit.some(({ id }) => ready.has(id))) return undefined;
  return `no node of ${zone} is ready (${hit.map(({ name }) => name).join(', ')})`;
}

/** The experiment. Targets that a platform does not have are skipped, as AWS's scenario does. */
export const powerInterruption = (
  zone: string,
  duration: string,
  resourceTags: Record<string, string>,
): ExperimentTemplate => ({
  description: `tenfold: power interruption in ${zone}`,
  targets: {
    subnets: {
      resourceType: 'aws:ec2:subnet',
      resourceTags,
      filters: [{ path: 'AvailabilityZone', values: [zone] }],
    },
    nodes: {
      resourceType: 'aws:ec2:instance',
      resourceTags,
      filters: [
        { path: 'State.Name', values: ['running'] },
        { path: 'Placement.AvailabilityZone', values: [zone] },
      ],
    },
    nodeGroups: { resourceType: 'aws:ec2:autoscaling-group', resourceTags },
    database: {
      resourceType: 'aws:rds:cluster',
      resourceTags,
      parameters: { writerAvailabilityZoneIdentifiers: zone },
    },
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
