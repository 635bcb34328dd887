import { expect, test } from 'vitest';
import { readyTargets } from './ready-targets.ts';

const target = { kind: 'webhook' as const, when: 'always' as const, url: { env: 'HOOK' } };
const problemsOf = (environment: Record<string, string>, withSecret = false) =>
  readyTargets([withSecret ? { ...target, secret: { env: 'KEY' } } : target], environment).problems;
const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

test.each([
  'https://hooks.example/a?b=c',
  'http://127.0.0.1:8080/a',
  'http://localhost/a',
  'http://[::1]:1/a',
  ' https://hooks.example/a\n',
])('%j is fine', (url) => {
  expect(problemsOf({ HOOK: url })).toEqual([]);
  expect(readyTargets([target], { HOOK: url }).ready[0]).toMatchObject({ url: url.trim(), name: 'webhook (HOOK)' });
});

test.each([
  'http://hooks.example/secret',
  'http://127.0.0.1.hooks.example/secret',
  'ftp://hooks.example/secret',
  'secret',
  'https://user:secret@hooks.example/',
])('%s is refused, and not repeated', (url) => {
  const problems = problemsOf({ HOOK: url });
  expect(problems).toEqual([expect.stringContaining('HOOK does not hold a URL with https:')]);
  expect(problems.join()).not.toContain('secret');
});

test('all that is missing is told at once', () => {
  expect(problemsOf({}, true)).toEqual([
    'the environment variable HOOK is not set, and --notify refers to it',
    'the environment variable KEY is not set, and --notify refers to it',
  ]);
});

test('a key is one as Standard Webhooks write it', () => {
  const problem = 'KEY is no key: it has to be whsec_ and the base64 of 24 to 64 bytes';
  expect(problemsOf({ HOOK: 'https://a.example', KEY: key }, true)).toEqual([]);
  for (const wrong of ['secret', 'whsec_', 'whsec_c2hvcnQ=', key.slice(6)])
    expect(problemsOf({ HOOK: 'https://a.example', KEY: wrong }, true)).toEqual([problem]);
});
