import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';

/** The most that a template's target may name. */
export const mostSubnets = 5;

type Target = ExperimentTemplate['targets'][string];

/** A template's target: a shop's subnets of a zone. */
export const subnetsOf = (zone: string, resourceTags: Record<string, string>): Target => ({
  resourceType: 'aws:ec2:subnet',
  resourceTags,
  filters: [{ path: 'AvailabilityZone', values: [zone] }],
});

/** A template's target: its database, if the writer is in a zone. */
export const databaseWritingIn = (zone: string, resourceTags: Record<string, string>): Target => ({
  resourceType: 'aws:rds:cluster',
  resourceTags,
  parameters: { writerAvailabilityZoneIdentifiers: zone },
});

/** The action that denies all traffic of a template's target `subnets`. @param duration in AWS's format. */
export const denyTraffic = (duration: string): ExperimentTemplate['actions'][string] => ({
  actionId: 'aws:network:disrupt-connectivity',
  parameters: { scope: 'all', duration },
  targets: { Subnets: 'subnets' },
});
