import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Command } from '../src/model/command.ts';
import type { FaultContext } from '../src/model/fault.ts';
import { nowMs } from '../src/runtime/clock.ts';
import { testPlatform } from '../tests/support/test-platform.ts';
import { byCommand } from './command/by-command.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenfold-fault-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const context: FaultContext = {
  platform: testPlatform(),
  target: 'bench',
  runId: 'run',
  willChange: () => () => {},
  signal: new AbortController().signal,
};

const sh = (script: string, timeoutMs = 30_000): Command => ({ argv: ['sh', '-c', script], timeoutMs });
const breaking = (prove: string) =>
  byCommand({
    inject: sh('touch broken'),
    prove: sh(prove),
    undo: sh('rm -f broken'),
    cwd,
    secrets: ['HOME'],
  });

test('a proof that is there before the fault is told in its words, and breaks nothing', async () => {
  expect(await breaking('echo "it is dark in $HOME"').holdsAlready?.(context)).toMatch(/^it is dark in (?!\/)/);
  expect(await breaking('true').holdsAlready?.(context)).toBe('sh -c true succeeded');
  expect(existsSync(join(cwd, 'broken'))).toBe(false);
});

test('one that fails, or waits for the fault, is not there', async () => {
  const startMs = nowMs();
  expect(await breaking('test -e broken').holdsAlready?.(context)).toBeUndefined();
  expect(await breaking('until test -e broken; do sleep 0.1; done').holdsAlready?.(context)).toBeUndefined();
  expect(nowMs() - startMs).toBeLessThan(15_000);
});

test('what it broke is proven, and taken back', async () => {
  const active = await breaking('test -e broken && echo dark').inject(context);
  expect(await active.prove(context.signal)).toEqual({ provenAtMs: expect.any(Number), proof: 'dark' });
  await active.undo();
  expect(existsSync(join(cwd, 'broken'))).toBe(false);
});

test('a proof is waited for until it is told to stop', async () => {
  const active = await breaking('sleep 20').inject(context);
  const over = new AbortController();
  const proof = active.prove(over.signal);
  over.abort(new Error('the load ended'));
  await expect(proof).rejects.toThrow('the load ended');
  await active.undo();
});
