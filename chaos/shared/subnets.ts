import type { ExperimentTemplate } from '../../src/platform/fis-requests.ts';

/** The most that a template's target may name. */
export const mostSubnets = 5;

/** The action that denies all traffic of a template's target `subnets`. @param duration in AWS's format. */
export const denyTraffic = (duration: string): ExperimentTemplate['actions'][string] => ({
  actionId: 'aws:network:disrupt-connectivity',
  parameters: { scope: 'all', duration },
  targets: { Subnets: 'subnets' },
});
