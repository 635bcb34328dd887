import { expect, test } from 'vitest';
import { z } from 'zod';
import { verdictSchema, worst } from './verdict.ts';

test('docs/verdict.schema.json is the schema in the code (vitest -u writes it)', async () => {
  const schema = { $id: 'verdict.schema.json', title: 'A verdict of tenfold', ...z.toJSONSchema(verdictSchema) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/verdict.schema.json');
});

test('a verdict is its worst finding: fail before inconclusive before pass', () => {
  expect(worst(['pass', 'inconclusive', 'fail', 'pass'])).toBe('fail');
  expect(worst(['pass', 'inconclusive'])).toBe('inconclusive');
  expect(worst(['pass', 'pass'])).toBe('pass');
});

test('nothing judged is inconclusive, never a pass', () => {
  expect(worst([])).toBe('inconclusive');
});
