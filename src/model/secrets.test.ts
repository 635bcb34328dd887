import { expect, test } from 'vitest';
import { withoutSecrets } from './secrets.ts';

test.each([
  ['as it is', 'tok-3n', 'Bearer tok-3n!', 'Bearer ***!'],
  ['as a log line quotes it', 'to"k\\3', 'msg="Bearer to\\"k\\\\3"', 'msg="Bearer ***"'],
  ['as an address writes it', 'p@ss/word', 'postgres://shop:p%40ss%2Fword@db', 'postgres://shop:***@db'],
  ['without the line break at its end', 'tok-3n\n', 'Bearer tok-3n', 'Bearer ***'],
])('a secret is taken out %s', (_, secret, text, expected) => {
  expect(withoutSecrets(text, [secret])).toBe(expected);
});

test('one that holds another is taken out whole', () => {
  expect(withoutSecrets('abc-def', ['abc', 'abc-def'])).toBe('***');
});

test('one that is empty or blank takes nothing out', () => {
  expect(withoutSecrets('a text', ['', ' '])).toBe('a text');
});
