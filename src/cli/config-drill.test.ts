import { expect, test } from 'vitest';
import definition from '../../scenarios/node-loss.ts';
import { configSchema } from '../model/config.ts';
import { onOwnShop } from './config-drill.ts';

const read = { limitMs: 340, probe: { path: '/' } };
const order = { method: 'POST' as const, path: '/orders', order: true };
const { runbook: _, ...nodeLoss } = definition;
const drillOn = (paths: object) => {
  const errorBudget = { objective: 0.99, windowDays: 7, maxBurnedRatio: 0.5 };
  const config = configSchema.parse({
    baseUrl: 'http://shop.example',
    paths,
    traffic: { baselineRatePerSecond: 5 },
    errorBudget,
  });
  return onOwnShop(
    { name: 'node-loss', ...nodeLoss },
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
