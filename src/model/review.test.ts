import { expect, test } from 'vitest';
import { z } from 'zod';
import { reviewSchema } from './review.ts';

test('docs/review.schema.json is the schema in the code (vitest -u writes it)', async () => {
  const schema = { $id: 'review.schema.json', title: 'A readiness review of tenfold', ...z.toJSONSchema(reviewSchema) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/review.schema.json');
});
