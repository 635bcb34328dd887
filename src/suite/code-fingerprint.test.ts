import { expect, test } from 'vitest';
import { drillFingerprint, programFingerprint } from './code-fingerprint.ts';

test('the same code has the same fingerprint, drill by drill', async () => {
  const [program, again] = await Promise.all([programFingerprint(), programFingerprint()]);
  expect(program).toMatch(/^[0-9a-f]{64}$/);
  expect(again).toBe(program);
  expect(await drillFingerprint('az-outage')).not.toBe(await drillFingerprint('node-loss'));
});
