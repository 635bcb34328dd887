import { expect, test } from 'vitest';
import { type NodeMachine, toBoot } from './node-group.ts';

const machine = (id: string, zone: string, isOn: boolean): NodeMachine => ({ id, zone, isOn });
const ids = (machines: NodeMachine[]) => machines.map(({ id }) => id);

test('a lost node boots once it has been off for 40 s', () => {
  const machines = [machine('a', 'z1', false), machine('b', 'z1', true), machine('c', 'z2', true)];
  const since = new Map<string, number>();
  expect(ids(toBoot(machines, since, 1_000))).toEqual([]);
  expect(ids(toBoot(machines, since, 40_999))).toEqual([]);
  expect(ids(toBoot(machines, since, 41_000))).toEqual(['a']);
});

test('one that came back in between has its 40 s again', () => {
  const since = new Map<string, number>();
  const other = machine('b', 'z1', true);
  toBoot([machine('a', 'z1', false), other], since, 0);
  toBoot([machine('a', 'z1', true), other], since, 30_000);
  expect(ids(toBoot([machine('a', 'z1', false), other], since, 50_000))).toEqual([]);
  expect(ids(toBoot([machine('a', 'z1', false), other], since, 90_000))).toEqual(['a']);
});

test('nothing boots in a zone that is out', () => {
  const machines = [machine('a', 'z1', false), machine('b', 'z1', false), machine('c', 'z2', true)];
  const since = new Map<string, number>();
  toBoot(machines, since, 0);
  expect(ids(toBoot(machines, since, 600_000))).toEqual([]);
});
