import type { V1Deployment, V1PodDisruptionBudget } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { gapsOf } from './attached-cluster.ts';

const labels = { app: 'cart' };
const budget: V1PodDisruptionBudget = { spec: { selector: { matchLabels: labels } } };

/** A deployment that lacks nothing, but for what a test takes away. */
const deployment = ({ replicas = 3, container = {}, pod = {} } = {}): V1Deployment => ({
  metadata: { name: 'cart' },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [{ name: 'cart', readinessProbe: {}, resources: { requests: { cpu: '100m' } }, ...container }],
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
        ],
        ...pod,
      },
    },
  },
});

test('a deployment that is ready for a drill lacks nothing', () => {
  expect(gapsOf(deployment(), [budget])).toEqual([]);
});

test.each([
  ['one replica', deployment({ replicas: 1 }), [budget], /one replica/],
  ['no readiness probe', deployment({ container: { readinessProbe: undefined } }), [budget], /no readiness probe/],
  ['no CPU request', deployment({ container: { resources: {} } }), [budget], /requests no CPU/],
  ['no spread', deployment({ pod: { topologySpreadConstraints: undefined } }), [budget], /not spread/],
  ['no budget', deployment(), [], /no disruption budget/],
  [
    'a budget of others',
    deployment(),
    [{ spec: { selector: { matchLabels: { app: 'shipping' } } } }],
    /no disruption budget/,
  ],
])('%s is told', (_, found, budgets, message) => {
  expect(gapsOf(found, budgets)).toEqual([expect.stringMatching(message)]);
});
