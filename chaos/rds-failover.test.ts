import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FaultContext } from '../src/model/fault.ts';
import { onlyWay } from '../tests/support/only-way.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { rdsFailover } from './rds-failover.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const way = onlyWay(rdsFailover());

/** A failover of a database that is not available from then on. */
async function failedOver() {
  const drill = new AbortController();
  const cluster = { status: 'available', writer: 'db-1', readers: ['db-2'] };
  const context: FaultContext = {
    platform: testPlatform({
      database: {
        id: 'db',
        source: 'a test',
        state: async () => ({ ...cluster }),
        instances: async () => [],
        async failOver() {
          Object.assign(cluster, { status: 'failing-over', writer: 'db-2', readers: ['db-1'] });
        },
      },
    }),
    target: 'bench',
    runId: 'run',
    willChange: () => () => {},
    signal: drill.signal,
  };
  return { cluster, drill, active: await way.inject(context) };
}

test('a database that is not available in time is a finding, and no failure of the undo', async () => {
  const { active } = await failedOver();
  const undone = active.undo();
  vi.advanceTimersByTime(way.limits?.undoMs ?? 0);
  expect(await undone).toEqual({ revertedAtMs: null });
});

test('it is waited for as long as for any other platform', async () => {
  const { cluster, active } = await failedOver();
  const undone = active.undo();
  vi.advanceTimersByTime(170_000);
  setTimeout(() => Object.assign(cluster, { status: 'available' }), 150);
  expect((await undone).revertedAtMs).toBeGreaterThan(active.injectedAtMs + 169_000);
});

test('nobody waits for it once the drill is interrupted', async () => {
  const { drill, active } = await failedOver();
  const undone = active.undo();
  drill.abort(new Error('Ctrl-C'));
  expect(await undone).toEqual({ revertedAtMs: null });
  expect((await active.undo()).revertedAtMs).not.toBeNull();
});
