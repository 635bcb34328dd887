import { expect, test } from 'vitest';
import { z } from 'zod';
import { capacitySchema } from './capacity.ts';

test('docs/capacity.schema.json is the schema in the code (vitest -u writes it)', async () => {
  const schema = { $id: 'capacity.schema.json', title: 'A capacity of tenfold', ...z.toJSONSchema(capacitySchema) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/capacity.schema.json');
});
