import { expect, test } from 'vitest';
import type { Change, Ordered } from '../src/model/facets.ts';
import type { FaultContext, Undo } from '../src/model/fault.ts';
import { waitFor } from '../src/runtime/clock.ts';
import { testHands } from '../tests/support/test-hands.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { apiChange } from './shared/api-change.ts';

/** A change that notes what becomes of it. */
function setUp({ lacks = [] as string[], refuses = false, lasts = undefined as number | undefined } = {}) {
  const log: string[] = [];
  const undos: Undo[] = [];
  const change: Change = {
    undo: { kind: 'lamp', which: 'hall' },
    async make() {
      log.push('made');
      if (refuses) throw new Error('the lamp is stuck');
    },
    takeBack: async () => void log.push('taken back'),
    evidence: () => (log.includes('made') ? 'the hall is dark' : undefined),
  };
  const context: FaultContext = {
    platform: testPlatform({ kubernetes: testHands({ lacking: async () => lacks }) }),
    target: 'kubernetes',
    runId: 'run-1',
    willChange(undo) {
      undos.push(undo);
      log.push('journalled');
      return () => void log.push('done with');
    },
    signal: new AbortController().signal,
    atMostMs: 60_000,
  };
  const wayTo = (aim: Ordered) =>
    apiChange({ kind: 'dark', requires: [], undo: 'light', rights: ['patch lamps'], lasts, aim: async () => aim });
  return { log, undos, change, context, wayTo };
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

test('what is wrong is told together with the rights that are missing, and nothing is changed', async () => {
  const { log, context, wayTo } = setUp({ lacks: ['you may not patch lamps'] });
  const way = wayTo({ problems: ['there is no lamp'] });
  expect(await way.check(context)).toEqual(['you may not patch lamps', 'there is no lamp']);
  await expect(way.inject(context)).rejects.toThrow('there is no lamp');
  expect(log).toEqual([]);
});
