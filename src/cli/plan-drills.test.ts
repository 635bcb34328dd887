import { expect, test } from 'vitest';
import type { Target } from '../model/target.ts';
import { loadDrill } from './load-drill.ts';
import { drillsFor } from './plan-drills.ts';
import { folders } from './wire.ts';

const inventory = { zones: [], nodes: [], databaseInstances: [] };
const target: Target = {
  name: 'kubernetes',
  capabilities: new Set(['kubernetes-api', 'workload-changes', 'control-plane-power', 'node-inventory']),
  protections: [],
  inventory: async () => inventory,
  standUp: () => Promise.reject(new Error('not here')),
};
const names = ['pod-kill', 'dns-down', 'api-server-away', 'node-partition'];
const chosenOn = (on: Target) =>
  drillsFor(names, { target: on, loadDrill: (name) => loadDrill(folders.scenarios, name) }, inventory);

test('where there may be others, what is taken from them too is left to whoever names it', async () => {
  const { possible, leftOut } = await chosenOn({ ...target, isShared: true });
  expect(possible).toEqual(['pod-kill']);
  expect(leftOut).toEqual([
    { what: 'dns-down', why: 'names are answered to nobody on the cluster: it has to be named' },
    { what: 'api-server-away', why: 'the API server is away for everybody on the cluster: it has to be named' },
    { what: 'node-partition', why: expect.stringMatching(/lacks machine-network/) },
  ]);
});

test('on a cluster of tenfold’s own everything is drilled that can be', async () => {
  expect(await chosenOn(target)).toMatchObject({ possible: ['pod-kill', 'dns-down', 'api-server-away'] });
});
