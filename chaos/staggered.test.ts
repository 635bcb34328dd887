import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Fault, FaultContext, Way } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { nowMs } from '../src/runtime/clock.ts';
import { onlyWay } from '../tests/support/only-way.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { staggered } from './staggered.ts';

const inventory: Inventory = { zones: [], nodes: [], databaseInstances: [] };
const context = (signal = new AbortController().signal): FaultContext => ({
  platform: testPlatform(),
  target: 'bench',
  runId: 'run',
  willChange: () => () => {},
  signal,
});

type Noted = { bites: boolean } & Pick<Required<Way>, 'holdsAlready'>;

/** A fault that logs what is done with it. */
function noted(
  kind: string,
  log: string[],
  { bites = true, holdsAlready = async () => undefined } = {} as Partial<Noted>,
): Fault {
  const way: Way = {
    name: 'note',
    requires: ['fis'],
    undo: '',
    rights: [],
    check: async () => [],
    holdsAlready,
    async inject() {
      log.push(`inject ${kind}`);
      const injectedAtMs = nowMs();
      return {
        injectedAtMs,
        prove: async () =>
          bites ? { provenAtMs: nowMs(), proof: `${kind} bit` } : { provenAtMs: null, proof: `${kind} did not bite` },
        async undo() {
          log.push(`undo ${kind}`);
          return { revertedAtMs: nowMs() };
        },
      };
    },
  };
  return {
    kind,
    summary: `${kind} happens`,
    effects: [{ kind, startsAfterMs: 0 }],
    hits: () => [],
    problems: () => [`${kind} is wrong`],
    ways: [way],
  };
}

test('faults follow each other, are proven together and undone in the opposite order', async () => {
  const log: string[] = [];
  const fault = staggered([noted('a', log), noted('b', log), noted('c', log)], { afterMs: 100 });
  expect(fault).toMatchObject({ kind: 'a+b+c', summary: 'a happens; 0.1 s later b happens; 0.1 s later c happens' });
  expect(fault.effects.map(({ startsAfterMs }) => startsAfterMs)).toEqual([0, 100, 200]);
  expect(fault.problems(inventory)).toEqual(['a is wrong', 'b is wrong', 'c is wrong']);

  const active = await onlyWay(fault).inject(context());
  expect(log).toEqual(['inject a']);
  const { provenAtMs, proof } = await active.prove(context().signal);
  expect(proof).toBe('a at +0.0 s: a bit | b at +0.1 s: b bit | c at +0.2 s: c bit');
  expect(provenAtMs).toBeGreaterThan(active.injectedAtMs + 190);
  await active.undo();
  expect(log).toEqual(['inject a', 'inject b', 'inject c', 'undo c', 'undo b', 'undo a']);
});

test('one part that did not bite leaves the whole unproven, and says which', async () => {
  const pair = staggered([noted('a', []), noted('b', [], { bites: false })], { afterMs: 10 });
  const active = await onlyWay(pair).inject(context());
  expect(await active.prove(context().signal)).toEqual({
    provenAtMs: null,
    proof: expect.stringMatching(/a at .*: a bit \| b at .*: b did not bite/),
  });
  await active.undo();
});

test('a proof of any of them that is there already is told with its name', async () => {
  const dark = noted('b', [], { holdsAlready: async () => 'it is dark' });
  const before = (other: Fault) =>
    onlyWay(staggered([noted('a', []), other], { afterMs: 10 })).holdsAlready?.(context());
  expect(await before(dark)).toBe('b: it is dark');
  expect(await before(noted('c', []))).toBeUndefined();
});

test('a part whose proof the one before it has brought about is not injected, and the whole is unproven', async () => {
  const log: string[] = [];
  const dark = noted('b', log, { holdsAlready: async () => (log.length > 0 ? 'it is dark' : undefined) });
  const pair = onlyWay(staggered([noted('a', log), dark], { afterMs: 10 }));
  expect(await pair.holdsAlready?.(context())).toBeUndefined();
  const active = await pair.inject(context());
  expect(await active.prove(context().signal)).toEqual({
    provenAtMs: null,
    proof: expect.stringMatching(/b was not injected: its proof is there before it \(b: it is dark\)/),
  });
  await active.undo();
  expect(log).toEqual(['inject a', 'undo a']);
});

test('a drill that ends early injects nothing more', async () => {
  const log: string[] = [];
  const pair = onlyWay(staggered([noted('a', log), noted('b', log)], { afterMs: 50 }));
  const active = await pair.inject(context());
  await active.undo();
  await delay(80);
  expect(log).toEqual(['inject a', 'undo a']);
});

test('a part of a whole keeps its own delays', () => {
  const pair = staggered([noted('a', []), noted('b', [])], { afterMs: 1_000 });
  const nested = staggered([noted('first', []), pair], { afterMs: 5_000 });
  expect(nested.effects.map(({ kind, startsAfterMs }) => `${kind} ${startsAfterMs}`)).toEqual([
    'first 0',
    'a 5000',
    'b 6000',
  ]);
});

test('it is done by any combination of its parts’ ways, the first of each before all others', () => {
  const twoWays = (kind: string, names: string[]): Fault => {
    const fault = noted(kind, []);
    return { ...fault, ways: names.map((name) => ({ ...onlyWay(fault), name })) };
  };
  const { ways } = staggered([twoWays('a', ['x', 'y']), twoWays('b', ['x', 'z'])], { afterMs: 10 });
  expect(ways.map(({ name }) => name)).toEqual(['x', 'x+z', 'y+x', 'y+z']);
});
