import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../infra-under-test/storefront/test/postgres.ts';
import { takeSharedLock } from './shared-lock.ts';

const env = 'TENFOLD_TEST_LOCK';
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
  process.env[env] = `postgres://postgres:the-password@127.0.0.1:${postgres.port}/postgres`;
}, 60_000);
afterAll(async () => {
  delete process.env[env];
  await postgres[Symbol.asyncDispose]();
});

const take = (platform: string, runId: string, onLost = (_: Error) => {}) =>
  takeSharedLock({ env, platform, runId, onLost });

test('one drill at a time has a platform, and the other is told whose it is', async () => {
  {
    await using _held = await take('shop', 'run-1');
    await expect(take('shop', 'run-2')).rejects.toThrow(/tenfold run-1 of .* is using shop/);
    await using _other = await take('another', 'run-3');
  }
  await using _free = await take('shop', 'run-4');
});

test('of many that take it at once, one gets it', async () => {
  const all = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => take('race', `run-${index}`)));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const one of all) if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]();
});

test('it goes with the connection of a drill that died, and one that lives is told', async () => {
  const { promise: lost, resolve } = Promise.withResolvers<Error>();
  await using _held = await take('shop', 'run-1', resolve);
  await postgres.sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tenfold run-1 %'",
    'postgres',
  );
  expect((await lost).message).toMatch('the shared lock of shop was lost');
  await using _next = await take('shop', 'run-2');
});

test('a database that cannot be asked refuses, without its password', async () => {
  const before = process.env[env];
  process.env[env] = 'postgres://postgres:the-password@127.0.0.1:1/postgres';
  const error = (await take('shop', 'run-1').catch((e: unknown) => e)) as Error;
  process.env[env] = before;
  expect(error.message).toMatch(/it is not known whether another drill is using shop: .*ECONNREFUSED/);
  expect(error.message).not.toMatch('the-password');
});
