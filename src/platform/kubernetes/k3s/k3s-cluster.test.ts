import { expect, test } from 'vitest';
import { isK3s, loadCluster } from '../../../cli/load-cluster.ts';
import { nodesPlanned } from './containers.ts';
import { powerOf } from './k3s-cluster.ts';
import { isRecent, k3sTarget, lookAfter } from './k3s-target.ts';
import { k3sName } from './place.ts';
import { storefrontReference } from './storefront-archive.ts';

async function byDefault() {
  const loaded = await loadCluster('k3s');
  if (!isK3s(loaded)) throw new Error('not a k3s');
  return loaded;
}

test('--cluster k3s needs no file: six agents in three zones, half of them spot nodes', async () => {
  const { settings } = await byDefault();
  expect(nodesPlanned(settings.k3s)).toEqual([
    { name: 'agent-1', zone: 'z1', capacity: 'on-demand' },
    { name: 'agent-2', zone: 'z2', capacity: 'on-demand' },
    { name: 'agent-3', zone: 'z3', capacity: 'on-demand' },
    { name: 'agent-4', zone: 'z1', capacity: 'spot' },
    { name: 'agent-5', zone: 'z2', capacity: 'spot' },
    { name: 'agent-6', zone: 'z3', capacity: 'spot' },
  ]);
});

test('what a fault could hit is known before a container is started', async () => {
  const target = k3sTarget(await byDefault(), []);
  const { zones, nodes } = await target.inventory();
  expect(zones).toEqual(['z1', 'z2', 'z3']);
  expect(nodes).toHaveLength(6);
  expect([...target.capabilities]).toEqual(expect.arrayContaining(['machine-power', 'spot-nodes', 'kubernetes-api']));
});

test('the machine of a node is its container; without agents there is none', () => {
  const k3s = { image: 'x', environment: {}, archives: [], manifests: [] };
  expect(powerOf({ ...k3s, agents: 6 })?.on.argv.slice(-2)).toEqual(['on', `${k3sName}-{node}`]);
  expect(powerOf({ ...k3s, agents: 0 })).toBeUndefined();
});

test.each([
  ['1.40', false],
  ['1.41', true],
  ['1.5', false],
  ['1.50', true],
  ['2.0', true],
])('whether version %s of the API of Docker will do: %s', (version, does) => {
  expect(isRecent(version)).toBe(does);
});

test("the storefront's image has the same name for the same code", async () => {
  const reference = await storefrontReference();
  expect(reference).toMatch(/^docker\.io\/tenfold\/storefront:[0-9a-f]{12}$/);
  expect(await storefrontReference()).toBe(reference);
});

test('a k3s that outlives its drill is looked at afterwards, and one that goes with it is not', async () => {
  const inner = { ...k3sTarget(await byDefault(), []), leftBehind: async () => ['node agent-1 is off'] };
  expect(lookAfter({ inner })).toBe(inner.leftBehind);
  expect(lookAfter({ inner, end: async () => {} })).toBeUndefined();
});
