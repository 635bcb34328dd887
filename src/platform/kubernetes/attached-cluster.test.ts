import type { V1Deployment, V1PodDisruptionBudget } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { gapsOf } from './attached-cluster.ts';

const labels = { app: 'cart' };
const budget: V1PodDisruptionBudget = { spec: { selector: { matchLabels: labels } } };

/** A deployment that lacks nothing, but for what a test takes away. */
const deployment = ({ name = 'cart', replicas = 3, container = {}, pod = {} } = {}): V1Deployment => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [{ name: 'cart', readinessProbe: {}, resources: { requests: { cpu: '100m' } }, ...container }],
        tolerations: [{ key: 'node.kubernetes.io/unreachable', tolerationSeconds: 30 }],
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
        ],
        ...pod,
      },
    },
  },
});

test('a deployment that is ready for a drill lacks nothing', () => {
  expect(gapsOf([deployment()], [budget])).toEqual([]);
});

test.each([
  ['one replica', deployment({ replicas: 1 }), [budget], /One replica.*: cart\./],
  ['no readiness probe', deployment({ container: { readinessProbe: undefined } }), [budget], /No readiness probe/],
  ['no CPU request', deployment({ container: { resources: {} } }), [budget], /No CPU/],
  ['no spread', deployment({ pod: { topologySpreadConstraints: undefined } }), [budget], /Not spread/],
  ['the usual patience with a node that is lost', deployment({ pod: { tolerations: [] } }), [budget], /five minutes/],
  ['no budget', deployment(), [], /No disruption budget/],
  [
    'a budget of others',
    deployment(),
    [{ spec: { selector: { matchLabels: { app: 'shipping' } } } }],
    /No disruption budget/,
  ],
])('%s is told', (_, found, budgets, message) => {
  expect(gapsOf([found], budgets)).toEqual([expect.stringMatching(message)]);
});

test('what several lack is told once, with their names', () => {
  const all = [deployment({ replicas: 1 }), deployment({ name: 'mail', replicas: 1 }), deployment({ name: 'search' })];
  expect(gapsOf(all, [{ spec: { selector: { matchLabels: labels } } }])).toEqual([
    'One replica, so its node takes all of it along: cart, mail.',
  ]);
});
