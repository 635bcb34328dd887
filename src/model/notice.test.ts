import { expect, test } from 'vitest';
import { z } from 'zod';
import { noticeSchema } from './notice.ts';

test('docs/notice.schema.json is the schema in the code (vitest -u writes it)', async () => {
  const schema = { $id: 'notice.schema.json', title: 'A notice of tenfold', ...z.toJSONSchema(noticeSchema) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/notice.schema.json');
});
