import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { measureExchangeCost } from './exchange-cost.ts';

/** Peers that this process has started. */
const peers = (): number =>
  readdirSync('/proc').filter((pid) => {
    try {
      const isOwn = readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nPPid:\t${process.pid}\n`);
      return isOwn && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('exchange-peer.ts');
    } catch {
      return false;
    }
  }).length;

test.runIf(process.platform === 'linux')('an exchange takes CPU time, and nothing runs on that it took', async () => {
  const measuring = measureExchangeCost();
  await expect.poll(peers, { timeout: 10_000 }).toBe(5);
  expect(await measuring).toBeGreaterThan(0.01);
  expect(peers()).toBe(0);
});
