import { expect, test } from 'vitest';
import { testKubeApi } from '../../tests/support/test-kube-api.ts';
import { configSchema } from '../model/config.ts';
import type { Drill } from '../model/drill.ts';
import type { Target } from '../model/target.ts';
import { makePlan, type PlanOptions } from '../plan/make-plan.ts';
import { attachedTarget } from '../platform/attached/attached-target.ts';
import { kubernetesTarget } from '../platform/kubernetes/kubernetes-target.ts';
import { describeFootprint } from './describe-footprint.ts';
import { footprintOf } from './footprint.ts';
import { profileNamed } from './wire.ts';

const drill: Drill = {
  name: 'traffic-alone',
  title: 'Traffic alone',
  why: 'Nothing breaks.',
  objectives: {
    latency: [],
    recovery: [],
    errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.23 },
  },
  fault: null,
};
const inventory = { zones: ['z1'], nodes: [], databaseInstances: [] };

function footprintOn(target: Target, wish: Partial<PlanOptions> = {}) {
  const plan = makePlan(drill, profileNamed('smoke'), target, { without: [], inventory, ...wish });
  return footprintOf(drill, plan, inventory, target);
}

const shopOn = (cluster: object | null) =>
  attachedTarget(
    configSchema.parse({
      baseUrl: 'http://shop.example',
      paths: { read: { limitMs: 100, probe: { path: '/' } } },
      traffic: { baselineRatePerSecond: 5 },
      cluster,
    }),
    '/',
  );
const cluster = {
  kubeconfig: '/nowhere',
  context: 'staging',
  namespace: 'shop',
  pods: { app: 'shop' },
  images: { k6: 'registry.example/k6:1', sentinel: 'registry.example/sentinel:1' },
};

test('a drill that breaks nothing makes a platform on a cluster all the same, and takes it away', async () => {
  await using kube = await testKubeApi({});
  const settings = {
    kubeconfig: kube.place.kubeconfig,
    context: 'test',
    images: { storefront: 'registry.example/storefront:7' },
    redis: true,
    reach: 'load-balancer' as const,
    podNetwork: false,
    healthChecks: false,
    timeScale: 1,
    peakPods: 6,
  };
  const footprint = footprintOn(await kubernetesTarget({ settings, folder: '/' }, []));
  expect(footprint.creates).toEqual([
    expect.stringMatching(/^the namespace tenfold-<run>, /),
    expect.stringMatching(/^the PriorityClasses tenfold-<run>-shop and tenfold-<run>-batch, /),
    expect.stringMatching(/^the Lease tenfold-drill in the namespace default, /),
  ]);
  expect(footprint.undo).toHaveLength(3);
  const text = describeFootprint(footprint).join('\n');
  expect(text).toMatch(/creates {3}the namespace tenfold-<run>, /);
  expect(text).toMatch(/undo {6}the namespace tenfold-<run> is deleted/);
  expect(text).toMatch(/rights {4}those of every drill on a cluster/);
  expect(text).not.toMatch(/nothing is changed|none beyond/);
});

test('on a shop of one’s own, load and a sentinel from its cluster are named where they are asked for', async () => {
  const target = await shopOn(cluster);
  const lease = expect.stringMatching(/^the Lease tenfold-drill/);
  const load = expect.stringMatching(/^the namespace tenfold-<run>-load, .* Secret/);
  const sentinel = expect.stringMatching(/^the namespace tenfold-<run>-sentinel, .* Secret/);
  expect(footprintOn(target).creates).toEqual([lease]);
  expect(footprintOn(target, { loadFrom: 'cluster' }).creates).toEqual([lease, load]);
  const all = footprintOn(target, { loadFrom: 'cluster', sentinel: { zone: 'z1' } });
  expect(all.creates).toEqual([lease, load, sentinel]);
  expect(all.undo).toEqual([
    'the Lease is deleted',
    expect.stringMatching(/^the namespace tenfold-<run>-load is deleted/),
    expect.stringMatching(/^the namespace tenfold-<run>-sentinel is deleted/),
  ]);
});

test('where nothing is made and nothing breaks, nothing is to be undone', async () => {
  const text = describeFootprint(footprintOn(await shopOn(null))).join('\n');
  expect(text).not.toMatch(/creates/);
  expect(text).toMatch(/undo {6}nothing is changed, so there is nothing to undo/);
  expect(text).toMatch(/rights {4}none beyond sending requests/);
});
