import { expect, test } from 'vitest';
import type { Capability } from '../model/capabilities.ts';
import type { Fault, Way } from '../model/fault.ts';
import { lackedFor, pickWay, unknownWay } from './pick-way.ts';

const way = (name: string, requires: Capability[]): Way => ({
  name,
  requires,
  undo: 'light',
  rights: [],
  check: async () => [],
  inject: () => Promise.reject(new Error('not injected here')),
});
const fault: Fault = {
  kind: 'power',
  summary: 'power goes',
  effects: [],
  hits: () => [],
  problems: () => [],
  ways: [way('fis', ['fis']), way('cluster', ['node-inventory']), way('command', [])],
};
const targetWith = (...capabilities: Capability[]) => ({ capabilities: new Set(capabilities) });

test('the first way is taken of which the target has all that it requires', () => {
  expect(pickWay(fault, targetWith('fis', 'node-inventory'))).toMatchObject({ name: 'fis' });
  expect(pickWay(fault, targetWith('node-inventory'))).toMatchObject({ name: 'cluster' });
  expect(pickWay(fault, targetWith())).toMatchObject({ name: 'command' });
});

test('where the target has all of none, it is the first, whose missing capabilities are told', () => {
  const [fis] = fault.ways;
  expect(pickWay({ ...fault, ways: fis ? [fis] : [] }, targetWith())).toMatchObject({ name: 'fis' });
});

test('a target that has no way of a fault lacks something for it, and for no fault nothing', () => {
  const [fis] = fault.ways;
  expect(lackedFor({ ...fault, ways: fis ? [fis] : [] }, targetWith('node-inventory'))).toEqual(['fis']);
  expect(lackedFor(fault, targetWith('node-inventory'))).toEqual([]);
  expect(lackedFor(null, targetWith())).toEqual([]);
});

test('one that is asked for is taken, and one that there is not is refused with those that there are', () => {
  expect(pickWay(fault, targetWith('fis'), 'command')).toMatchObject({ name: 'command' });
  expect(unknownWay(fault, 'command')).toEqual([]);
  expect(unknownWay(fault, 'magic')).toEqual(['power cannot be injected by magic; its ways are fis, cluster, command']);
  expect(unknownWay(null, 'fis')).toEqual(['--way fis is for a fault, and this drill injects none']);
});
