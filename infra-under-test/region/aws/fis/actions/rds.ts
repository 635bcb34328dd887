import type { ActionDefinition } from './action.ts';

/** The actions on RDS. */
export const rdsActions: Record<string, ActionDefinition> = {
  'aws:rds:failover-db-cluster': {
    description: 'Fail over the specified DB clusters.',
    target: { key: 'Clusters', resourceType: 'aws:rds:cluster' },
    parameters: {},
    async begin({ region }) {
      return { done: region.cluster.failover().completed };
    },
  },
};
