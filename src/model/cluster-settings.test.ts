import { expect, test } from 'vitest';
import { clusterSettingsSchema } from './cluster-settings.ts';

const settings = { context: 'a', images: { storefront: 'registry.example/storefront:7' } };
const problemsOf = (more: object) =>
  clusterSettingsSchema.safeParse({ ...settings, ...more }).error?.issues.map(({ path }) => path.join('.')) ?? [];

test('an ingress has its host, and only an ingress has one', () => {
  expect(problemsOf({ reach: 'ingress', ingress: { host: 'shop.test' } })).toEqual([]);
  expect(problemsOf({ reach: 'ingress' })).toEqual(['ingress']);
  expect(problemsOf({ ingress: { host: 'shop.test' } })).toEqual(['ingress']);
  expect(problemsOf({ reach: 'ingress', ingress: { host: 'http://shop.test/' } })).toEqual(['ingress.host']);
});

test('machines that can be cut off can be joined again, and an image has a tag', () => {
  const command = { argv: ['power', '{node}'], timeoutMs: 1_000 };
  const machines = { off: command, on: command };
  expect(problemsOf({ machines: { ...machines, cut: command, join: command } })).toEqual([]);
  expect(problemsOf({ machines: { ...machines, cut: command } })).toEqual(['machines']);
  expect(problemsOf({ machines: { ...machines, cut: { ...command, argv: ['cut'] }, join: command } })).toEqual([
    'machines.cut',
  ]);
  expect(problemsOf({ images: { ...settings.images, network: 'registry.example/network' } })).toEqual([
    'images.network',
  ]);
});
