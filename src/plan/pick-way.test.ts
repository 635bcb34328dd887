import { expect, test } from 'vitest';
import type { Capability } from '../model/capabilities.ts';
import type { Fault, Way } from '../model/fault.ts';
import { pickWay, rightsAskedFor, rightsOf, unknownWay } from './pick-way.ts';

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

test('one that is asked for is taken, and one that there is not is refused with those that there are', () => {
  expect(pickWay(fault, targetWith('fis'), 'command')).toMatchObject({ name: 'command' });
  expect(unknownWay(fault, 'command')).toEqual([]);
  expect(unknownWay(fault, 'magic')).toEqual(['power cannot be injected by magic; its ways are fis, cluster, command']);
  expect(unknownWay(null, 'fis')).toEqual(['--way fis is for a fault, and this drill injects none']);
});

test("the rights of a failover, and of going without a protection, are the platform's, and asked with those of the way", () => {
  const target = { failoverRights: ['fail over'], rightsWithout: { quorum: ['exec'], spread: ['move'] } };
  const touch = { ...way('touch', []), rights: ['touch'] };
  expect(rightsOf({ kind: 'power', way: touch }, target, [])).toEqual(['touch']);
  expect(rightsOf({ kind: 'power', way: { ...touch, failsOver: true } }, target, ['quorum', 'other'])).toEqual([
    'touch',
    'fail over',
    'exec',
  ]);
});

test('before there is a plan, those of the way that would be picked are asked for', () => {
  const [fis, cluster, command] = fault.ways as [Way, Way, Way];
  const ways = [
    { ...fis, rights: ['fis:StartExperiment'] },
    { ...cluster, rights: ['delete pods'] },
    { ...command, rights: ['run it'] },
  ];
  const target = { ...targetWith('node-inventory'), rightsWithout: { quorum: ['exec'] } };
  expect(rightsAskedFor({ ...fault, ways }, target, { without: ['quorum'] })).toEqual(['delete pods', 'exec']);
  expect(rightsAskedFor({ ...fault, ways }, target, { way: 'command', without: [] })).toEqual(['run it']);
  expect(rightsAskedFor(null, target, { without: ['quorum'] })).toEqual([]);
});
