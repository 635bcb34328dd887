import { expect, test } from 'vitest';
import outage from '../../scenarios/az-outage.ts';
import definition from '../../scenarios/node-loss.ts';
import { configSchema } from '../model/config.ts';
import type { Fault } from '../model/fault.ts';
import { pickWay } from '../plan/pick-way.ts';
import { onOwnShop } from './config-drill.ts';

const read = { limitMs: 340, probe: { path: '/' } };
const order = { method: 'POST' as const, path: '/orders', order: true };
const { runbook: _, ...nodeLoss } = definition;
const { runbook: __, ...azOutage } = outage;
const drillOn = (
  paths: object,
  { drill = nodeLoss, cluster = null }: { drill?: typeof nodeLoss; cluster?: object | null } = {},
) => {
  const errorBudget = { objective: 0.99, windowDays: 7, maxBurnedRatio: 0.5 };
  const config = configSchema.parse({
    baseUrl: 'http://shop.example',
    paths,
    traffic: { baselineRatePerSecond: 5 },
    errorBudget,
    cluster,
  });
  return onOwnShop(
    { name: 'a-drill', ...drill },
    { config, folder: '/', script: undefined, secrets: [], runbooks: {} },
  );
};

test('a drill of the reference platform has the promises of the shop that it is run on', () => {
  const { objectives } = drillOn({ read, write: { limitMs: 900, probe: { path: '/' }, requests: [order] } });
  expect(objectives.latency.map(({ path, limitMs }) => `${path} ${limitMs}`)).toEqual(['api 340', 'checkout 900']);
  expect(objectives.errorBudget).toMatchObject({ objective: 0.99 });
  expect(objectives.orders).toEqual({ maxUnansweredRatio: 0.01, maxRejectedRatio: 0.01 });
});

test('how soon it must be back stays the drill’s, and what nothing measures there is left out', () => {
  const { objectives } = drillOn({ read });
  expect(objectives.recovery).toEqual(nodeLoss.objectives.recovery);
  expect(objectives.restarts).toEqual({ maxUnattributed: 0 });
  expect(objectives).not.toHaveProperty('sessions');
  expect(objectives).not.toHaveProperty('orders');
});

const cluster = { context: 'staging', namespace: 'shop', pods: { app: 'shop' } };

test('a drill of a zone takes the one that the config names, and needs no database that it knows', () => {
  const { title, fault } = drillOn({ read }, { drill: azOutage, cluster: { ...cluster, zone: 'eu-central-1b' } });
  expect(title).toMatch(/\(here: the zone eu-central-1b\)$/);
  expect(fault?.effects).toMatchObject([{ zoneOut: 'eu-central-1b' }]);
  const capabilities = new Set(['machine-power', 'node-inventory'] as const);
  expect(pickWay(fault as Fault, { capabilities }).requires).toEqual(['machine-power', 'node-inventory']);
});

test('where none is named it is that of the database’s writer, and other drills stay as they are', () => {
  expect(drillOn({ read }, { drill: azOutage, cluster }).fault).toBe(azOutage.fault);
  expect(drillOn({ read }, { cluster: { ...cluster, zone: 'a' } }).fault).toBe(nodeLoss.fault);
});
