import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { systemError, Unheard } from './errors.ts';
import { exitCodes } from './exit-codes.ts';

const withCode = (code: string, more = {}) => Object.assign(new Error(`${code}: what it is`), { code, ...more });

test('a disk that is full, or gone, leaves something unknown', () => {
  for (const code of ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'])
    expect(systemError(withCode(code))).toMatchObject({
      exitCode: exitCodes.inconclusive,
      hint: expect.stringContaining('--reports FOLDER'),
    });
});

test('what the system refuses is told with its path, and what to do', async () => {
  const error = await readFile('/dev/null/x').catch((cause: unknown) => cause);
  expect(systemError(error)).toMatchObject({
    exitCode: exitCodes.invalid,
    message: expect.stringMatching(/the system refuses: ENOTDIR.*'\/dev\/null\/x'/),
    hint: expect.stringContaining('see what is there'),
  });
  expect(systemError(withCode('EMFILE', { syscall: 'open' }))?.hint).toContain('ulimit -n');
});

test('a library that is not there is for npm to bring', () => {
  expect(systemError(withCode('ERR_MODULE_NOT_FOUND'))).toMatchObject({ exitCode: exitCodes.invalid });
});

test('a platform that does not answer, or an AWS that says no, leaves something unknown', async () => {
  const silent = await new Promise((_, reject) => {
    AbortSignal.timeout(1).addEventListener('abort', ({ target }) => reject((target as AbortSignal).reason));
  }).catch((reason: unknown) => reason);
  for (const error of [silent, withCode('ECONNREFUSED', { syscall: 'connect' }), withCode('UND_ERR_HEADERS_TIMEOUT')])
    expect(systemError(error)).toMatchObject({
      exitCode: exitCodes.inconclusive,
      message: expect.stringContaining('the platform does not answer'),
    });
  const denied = Object.assign(new Error('not yours'), { name: 'AccessDeniedException', $metadata: {} });
  expect(systemError(denied)).toMatchObject({
    exitCode: exitCodes.inconclusive,
    message: 'AWS refuses: AccessDeniedException: not yours',
  });
});

test('what an error came of says whether it is a bug: clients wrap what the system says', async () => {
  const refused = withCode('ECONNREFUSED', { syscall: 'connect' });
  const fetched = await fetch('http://127.0.0.1:2').catch((error: unknown) => error);
  const away = { exitCode: exitCodes.inconclusive, hint: expect.stringContaining('see whether it is up') };
  expect(systemError(fetched)).toMatchObject({
    ...away,
    message: expect.stringMatching(/^the platform does not answer: fetch failed: .+/),
    cause: fetched,
  });
  const failed = Object.assign(new TypeError('fetch failed'), { cause: refused });
  const told = new Error('node a: ECONNREFUSED: what it is', { cause: failed });
  expect(systemError(told)).toMatchObject({
    ...away,
    message: 'the platform does not answer: node a: ECONNREFUSED: what it is',
  });
  const denied = Object.assign(new Error('HTTP-Code: 403\nMessage: x'), {
    code: 403,
    headers: {},
    body: { message: 'no' },
  });
  expect(systemError(denied)).toMatchObject({ message: 'Kubernetes refuses: no' });
  expect(systemError(new Error('pod a was not evicted: no (HTTP 403)', { cause: denied }))).toMatchObject({
    message: 'Kubernetes refuses: pod a was not evicted: no (HTTP 403)',
  });
});

test('a platform of which nothing is heard leaves something unknown', () => {
  expect(new Unheard('nothing has been heard', 1)).toMatchObject({
    exitCode: exitCodes.inconclusive,
    hint: expect.stringContaining('see whether it is up'),
  });
});

test('all other errors are bugs until shown otherwise', () => {
  for (const error of [new TypeError('x'), withCode('ENOENT', { syscall: 'open' }), withCode('EACCES'), null, 'EACCES'])
    expect(systemError(error)).toBeUndefined();
});
