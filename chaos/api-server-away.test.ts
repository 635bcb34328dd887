import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FaultContext, Undo } from '../src/model/fault.ts';
import { waitFor } from '../src/runtime/clock.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { byMachines } from './api-server-away/by-machines.ts';
import { undoCommands } from './shared/undo-commands.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-api-server-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An API server that is away while a file is there. */
function setUp(off: [string, ...string[]] = ['touch', 'away']) {
  const isAway = () => existsSync(join(folder, 'away'));
  const undos: { undo: Undo; isDone: boolean }[] = [];
  const context: FaultContext = {
    platform: testPlatform({
      controlPlane: {
        off: { argv: off, timeoutMs: 5_000 },
        on: { argv: ['rm', '-f', 'away'], timeoutMs: 5_000 },
        cwd: folder,
        secrets: [],
        isAway: async () => isAway(),
      },
    }),
    target: 'kubernetes',
    runId: 'run-1',
    willChange(undo) {
      expect(isAway()).toBe(false);
      const entry = { undo, isDone: false };
      undos.push(entry);
      return () => {
        entry.isDone = true;
      };
    },
    signal: new AbortController().signal,
  };
  return { context, isAway, undos };
}

test('it is switched off once its undo is written down, and on again when its time is over', async () => {
  const { context, isAway, undos } = setUp();
  const active = await byMachines({ kind: 'api-server-away', lastsMs: 300 }).inject(context);
  expect(isAway()).toBe(true);
  expect(await active.prove(context.signal)).toMatchObject({ proof: 'the API server does not answer' });
  await waitFor('it to be back', () => !isAway() || undefined, { timeoutMs: 5_000, intervalMs: 10 });
  expect((await active.undo()).revertedAtMs).toBeGreaterThan(active.injectedAtMs);
  expect(undos).toMatchObject([{ isDone: true, undo: { kind: 'command', expiresAtMs: expect.any(Number) } }]);
});

test('for a drill that has died it is switched on by what was written down', async () => {
  const { context, isAway, undos } = setUp();
  await byMachines({ kind: 'api-server-away', lastsMs: 600_000 }).inject(context);
  for (const _ of ['once', 'twice']) for (const { undo } of undos) await undoCommands[undo.kind]?.(undo);
  expect(isAway()).toBe(false);
});

test('one that cannot be switched off is told, and left switched on', async () => {
  const { context, isAway, undos } = setUp(['false']);
  await expect(byMachines({ kind: 'api-server-away', lastsMs: 300 }).inject(context)).rejects.toThrow(
    'the API server could not be switched off: false ended with exit code 1',
  );
  expect([isAway(), undos[0]?.isDone]).toEqual([false, true]);
});

test('one that is away already is refused', async () => {
  const { context } = setUp();
  const way = byMachines({ kind: 'api-server-away', lastsMs: 300 });
  expect(await way.check(context)).toEqual([]);
  await way.inject(context);
  expect(await way.check(context)).toEqual(['api-server-away would show nothing: it is away already']);
});
