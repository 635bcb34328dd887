import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startPostgres } from './test/postgres.ts';

const sql = await readFile(new URL('./uuidv7.sql', import.meta.url), 'utf8');

test('a PostgreSQL that has no uuidv7() gets one, whose values are of version 7, of their time, and in its order', async () => {
  await using postgres = await startPostgres();
  // What PostgreSQL has is left alone, so here it is looked for, and made, by another name.
  await postgres.sql(sql.replaceAll('uuidv7()', 'ours()'), 'shop');
  const { rows } = await postgres.sql(
    `select ours()::text as id, extract(epoch from clock_timestamp()) * 1000 as ms from generate_series(1, 200), pg_sleep(0.002)`,
    'shop',
  );
  expect(new Set(rows.map(({ id }) => id)).size).toBe(200);
  let before = 0;
  for (const { id, ms } of rows as { id: string; ms: string }[]) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const madeAtMs = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    expect(Math.abs(madeAtMs - Number(ms))).toBeLessThan(1_000);
    expect(madeAtMs).toBeGreaterThanOrEqual(before);
    before = madeAtMs;
  }
});
