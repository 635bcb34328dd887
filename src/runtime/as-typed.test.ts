import { expect, test } from 'vitest';
import { asTyped } from './as-typed.ts';

test('commands are told as they are typed where tenfold is', () => {
  const text = 'npm run tenfold -- cleanup, then npm run drill -- az-outage; npm run platform -- down';
  expect(asTyped(text, false)).toBe(text);
  expect(asTyped(text, true)).toBe('npx tenfold cleanup, then npx tenfold run az-outage; npx tenfold-platform down');
});
