import { expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { libraries } from './libraries.ts';

test('PostgreSQL runs and DuckDB loads where npm has brought them', async () => {
  const answers = await libraries.run(testContext());
  expect(answers).toEqual([
    { outcome: 'ok', message: expect.stringMatching(/^PostgreSQL 18\./) },
    { outcome: 'ok', message: expect.stringMatching(/^DuckDB v/) },
  ]);
});

test("a shop of one's own needs no database here", async () => {
  expect(await libraries.run(testContext({ standsUp: false }))).toHaveLength(1);
});
