import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCodes } from '../src/model/exit-codes.ts';
import { waitFor } from '../src/runtime/clock.ts';
import { leftoversAfterAWhile, makePlace, said, startTenfold } from './harness.ts';
import { configOf, drill, env, startShop, writeConfig } from './own-shop.ts';

test('an undo that does not take back what was broken is found out', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const config = await writeConfig(shop, configOf(shop, {}, { undo: { argv: ['true'], timeoutMs: 1_000 } }));
  const result = await drill(place, 'no-orders', config);
  expect(result.exitCode, result.stderr).toBe(exitCodes.dirty);
  expect(result.stderr).toMatch(
    /all was undone, and yet the platform is not as before:[\s\S]*what proved the fault is still so/,
  );
  expect(result.stderr).toMatch(/the undo was: true/);
});

test('a fault whose drill was killed ends by itself once its time is over', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const quick = (argv: string[]) => ({ argv, timeoutMs: 500 });
  const fault = { lastsMs: 1_000, inject: quick(['touch', 'broken']), undo: quick(['rm', '-f', 'broken']) };
  const running = drill(place, 'no-orders', await writeConfig(shop, configOf(shop, {}, fault)));
  await said(running, 'fault command injected');
  running.kill('SIGKILL');
  await running;
  expect(existsSync(shop.broken)).toBe(true);
  const mended = () => (existsSync(shop.broken) ? undefined : true);
  await waitFor('the fault to end', mended, { timeoutMs: 60_000, intervalMs: 250 });
  expect(await leftoversAfterAWhile(place)).toEqual([]);
  const cleanup = await startTenfold(place, ['cleanup'], env);
  expect(cleanup.stdout).toBe('Nothing was left to undo.\n');
});
