import type { Instance } from '../../machines.ts';
import { clusterArn, clusterTags } from '../rds-shapes.ts';
import { account } from './arns.ts';
import type { FisRegion } from './region.ts';

/** Something that an action can act on. */
export interface Resource {
  arn: string;
  tags: Record<string, string>;
  /** What its own service's Describe call returns; filters select by paths into this. */
  attributes: object;
}

/** A kind of resource: how it is named, found and narrowed down. */
export interface ResourceType {
  description: string;
  arn: RegExp;
  list(region: FisRegion): Resource[];
  /** Target parameters: each keeps a resource or does not. */
  parameters: Record<string, ResourceParameter>;
}

export interface ResourceParameter {
  description: string;
  keeps(resource: Resource, value: string): boolean;
}

/** The resource types that a region has, by their ids. */
export const resourceTypes: Record<string, ResourceType> = {
  'aws:ec2:instance': {
    description: 'Amazon EC2 instance',
    arn: /^arn:aws:ec2:[^:]+:\d{12}:instance\/i-[0-9a-f]+$/,
    list: ({ machines }) => machines.instances().filter(exists).map(instanceResource),
    parameters: {},
  },
  'aws:ec2:spot-instance': {
    description: 'Amazon EC2 Spot instance',
    arn: /^arn:aws:ec2:[^:]+:\d{12}:instance\/i-[0-9a-f]+$/,
    list: ({ machines }) =>
      machines
        .instances()
        .filter(({ capacity, state }) => capacity === 'spot' && state === 'running')
        .map(instanceResource),
    parameters: {},
  },
  'aws:ec2:subnet': {
    description: 'Amazon VPC subnet',
    arn: /^arn:aws:ec2:[^:]+:\d{12}:subnet\/subnet-[0-9a-f]+$/,
    list: ({ machines }) =>
      machines.subnets().map(({ subnetId, arn, zone, tags }) => ({
        arn,
        tags,
        attributes: { SubnetId: subnetId, SubnetArn: arn, AvailabilityZone: zone, State: 'available' },
      })),
    parameters: {
      availabilityZoneIdentifier: {
        description: 'The Availability Zone of the subnets.',
        keeps: ({ attributes }, value) => valuesAt(attributes, 'AvailabilityZone').includes(value),
      },
    },
  },
  'aws:ec2:autoscaling-group': {
    description: 'Amazon EC2 Auto Scaling group',
    arn: /^arn:aws:autoscaling:[^:]+:\d{12}:autoScalingGroup:[^:]+:autoScalingGroupName\/.+$/,
    list: ({ machines, zones }) =>
      machines.groups().map(({ name, arn, tags }) => ({
        arn,
        tags,
        attributes: { AutoScalingGroupName: name, AutoScalingGroupARN: arn, AvailabilityZones: zones() },
      })),
    parameters: {},
  },
  'aws:eks:nodegroup': {
    description: 'Amazon EKS node group',
    arn: /^arn:aws:eks:[^:]+:\d{12}:nodegroup\/[^/]+\/[^/]+\/.+$/,
    list: (region) =>
      region.machines.groups().map(({ name, arn, tags }) => ({
        arn: nodeGroupArn(region.region, name, arn),
        tags,
        attributes: { NodegroupName: name, Status: 'ACTIVE' },
      })),
    parameters: {},
  },
  'aws:rds:cluster': {
    description: 'Amazon RDS DB cluster',
    arn: /^arn:aws:rds:[^:]+:\d{12}:cluster:.+$/,
    list: ({ cluster, region }) => {
      const { id, status, members } = cluster.describe();
      const writer = members.find(({ role }) => role === 'writer');
      const attributes = { DBClusterIdentifier: id, Status: status, Engine: 'aurora-postgresql' };
      // The writer's zone serves the parameter below; DescribeDBClusters has no such member.
      return [{ arn: clusterArn(region, id), tags: clusterTags, attributes: { ...attributes, writer: writer?.zone } }];
    },
    parameters: {
      writerAvailabilityZoneIdentifiers: {
        description: 'The Availability Zones of the writer, comma-separated.',
        keeps: ({ attributes }, value) =>
          valuesAt(attributes, 'writer').some((zone) => value.split(',').includes(zone)),
      },
    },
  },
};

const exists = ({ state }: Instance): boolean => state !== 'terminated' && state !== 'shutting-down';

function instanceResource({ instanceId, arn, zone, subnetId, capacity, state, tags }: Instance): Resource {
  return {
    arn,
    tags,
    attributes: {
      InstanceId: instanceId,
      State: { Name: state },
      Placement: { AvailabilityZone: zone },
      SubnetId: subnetId,
      ...(capacity === 'spot' && { InstanceLifecycle: 'spot' }),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    },
  };
}

/** The ARN of a node group with the same UUID as its Auto Scaling group. */
function nodeGroupArn(region: string, name: string, groupArn: string): string {
  const uuid = groupArn.split(':')[6];
  return `arn:aws:eks:${region}:${account}:nodegroup/storefront/${name}/${uuid}`;
}

/** All values at a dotted path, searching through lists on the way. */
export function valuesAt(value: unknown, path: string): string[] {
  const found = path
    .split('.')
    .reduce<unknown[]>(
      (values, key) => values.flat().flatMap((each) => (each as Record<string, unknown> | undefined)?.[key] ?? []),
      [value],
    );
  return found.flat().map(String);
}
