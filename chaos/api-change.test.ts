import { expect, test } from 'vitest';
import type { Change, Ordered } from '../src/model/facets.ts';
import type { FaultContext, Undo } from '../src/model/fault.ts';
import { waitFor } from '../src/runtime/clock.ts';
import { testHands } from '../tests/support/test-hands.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { apiChange } from './shared/api-change.ts';

/** A change that notes what becomes of it. */
function setUp({ isOthers = false, refuses = false, lasts = undefined as number | undefined } = {}) {
  const log: string[] = [];
  const undos: Undo[] = [];
  const left: string[] = [];
  const change: Change = {
    undo: { kind: 'lamp', which: 'hall' },
    async make() {
      log.push('made');
      if (refuses) throw new Error('the lamp is stuck');
    },
    async takeBack(tell) {
      log.push('taken back');
      if (isOthers) tell('somebody has painted the lamp');
    },
    evidence: () => (log.includes('made') ? 'the hall is dark' : undefined),
  };
  const context: FaultContext = {
    platform: testPlatform({ kubernetes: testHands() }),
    target: 'kubernetes',
    runId: 'run-1',
    willChange(undo) {
      undos.push(undo);
      log.push('journalled');
      return (others = []) => {
        log.push('done with');
        left.push(...others);
      };
    },
    signal: new AbortController().signal,
    atMostMs: 60_000,
  };
  const wayTo = (aim: Ordered) =>
    apiChange({ kind: 'dark', requires: [], undo: 'light', rights: [], lasts, aim: async () => aim });
  return { log, undos, left, change, context, wayTo };
}

test('its undo is in the journal with an expiry before anything is changed, and out of it once it is taken back', async () => {
  const { log, undos, change, context, wayTo } = setUp();
  const way = wayTo({ change });
  expect(await way.check(context)).toEqual([]);
  expect(log).toEqual([]);
  const active = await way.inject(context);
  expect(log).toEqual(['journalled', 'made']);
  expect(undos).toEqual([{ kind: 'lamp', which: 'hall', expiresAtMs: expect.any(Number) }]);
  expect(undos[0]?.expiresAtMs).toBeGreaterThan(Date.now() + 60_000);
  expect(await active.prove(context.signal)).toMatchObject({ proof: 'the hall is dark' });
  expect((await active.undo()).revertedAtMs).not.toBeNull();
  expect(log.slice(2)).toEqual(['taken back', 'done with']);
});

test('one that ends by itself is taken back in its time', async () => {
  const { log, change, context, wayTo } = setUp({ lasts: 50 });
  await wayTo({ change }).inject(context);
  const isOver = () => log.includes('done with') || undefined;
  await waitFor('it to be taken back', isOver, { timeoutMs: 5_000, intervalMs: 10 });
});

test('a change that is refused is taken back all the same: its answer may have been lost', async () => {
  const { log, change, context, wayTo } = setUp({ refuses: true });
  await expect(wayTo({ change }).inject(context)).rejects.toThrow('the lamp is stuck');
  expect(log).toEqual(['journalled', 'made', 'taken back', 'done with']);
});

test('what a rehearsal finds out is told, and there is none where something is wrong already', async () => {
  const { change, context } = setUp();
  const rehearsed: string[] = [];
  const wayTo = (aim: Ordered) =>
    apiChange({
      kind: 'dark',
      requires: [],
      undo: 'light',
      rights: [],
      aim: async () => aim,
      async rehearse({ runId }) {
        rehearsed.push(runId);
        return ['the lamp has no switch'];
      },
    });
  expect(await wayTo({ problems: ['there is no lamp'] }).check(context)).toEqual(['there is no lamp']);
  expect(rehearsed).toEqual([]);
  expect(await wayTo({ change }).check(context)).toEqual(['the lamp has no switch']);
  expect(rehearsed).toEqual(['run-1']);
});

test('what somebody else has made of it meanwhile is handed on', async () => {
  const { left, change, context, wayTo } = setUp({ isOthers: true });
  await (await wayTo({ change }).inject(context)).undo();
  expect(left).toEqual(['somebody has painted the lamp']);
});

test('it is over only once what it broke is seen to work, beside the platform being healthy', async () => {
  const { log, change, context, wayTo } = setUp();
  const mended = async () => {
    log.push('looked');
    return log.filter((one) => one === 'looked').length < 2 ? 'the bulb is still cold' : undefined;
  };
  const { revertedAtMs } = await (await wayTo({ change: { ...change, mended } }).inject(context)).undo();
  expect(revertedAtMs).not.toBeNull();
  expect(log.slice(-3)).toEqual(['done with', 'looked', 'looked']);
});

test('what is wrong is told, and nothing is changed', async () => {
  const { log, context, wayTo } = setUp();
  const way = wayTo({ problems: ['there is no lamp'] });
  expect(await way.check(context)).toEqual(['there is no lamp']);
  await expect(way.inject(context)).rejects.toThrow('there is no lamp');
  expect(log).toEqual([]);
});
