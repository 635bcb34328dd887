import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { isHeld } from './cluster-lock.ts';

const nowMs = Date.UTC(2026, 10, 27);
const lease = (pid: number, host: string, renewedMsAgo: number) => ({
  spec: {
    holderIdentity: `drill r1 (process ${pid} of ann on ${host})`,
    leaseDurationSeconds: 60,
    renewTime: new Date(nowMs - renewedMsAgo).toISOString() as never,
  },
});

test('a lease that was renewed is held, by whatever machine', () => {
  expect(isHeld(lease(process.ppid, hostname(), 1_000), nowMs)).toBe(true);
  expect(isHeld(lease(1, 'elsewhere', 59_000), nowMs)).toBe(true);
});

test('one that ran out, or whose process here is gone or this one, is not', () => {
  expect(isHeld(lease(process.pid, hostname(), 1_000), nowMs)).toBe(false);
  expect(isHeld(lease(1, 'elsewhere', 61_000), nowMs)).toBe(false);
  expect(isHeld(lease(2 ** 22 + 1, hostname(), 1_000), nowMs)).toBe(false);
  expect(isHeld({ spec: {} }, nowMs)).toBe(false);
});
