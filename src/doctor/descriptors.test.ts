import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../runtime/processes.ts';
import { judgeDescriptors } from './descriptors.ts';
import { ownLimits } from './limits.ts';

test('the limit is the one that a drill has: the hard one, whatever the shell says', async () => {
  const script = `import { ownLimits } from '${join(import.meta.dirname, 'limits.ts')}'; console.log(ownLimits().openFiles)`;
  const limited = (ulimit: string) =>
    run('/bin/sh', ['-c', `${ulimit}; exec "$0" --input-type=module -e "$1"`, process.execPath, script]);
  expect((await limited('ulimit -n 900')).stdout).toBe('900');
  expect(Number((await limited('ulimit -Sn 300')).stdout)).toBe(ownLimits().openFiles);
});

test('two for each virtual user on the pocket region, one for each elsewhere, and some besides', () => {
  expect(judgeDescriptors(4_096, 1_409, true).outcome).toBe('ok');
  expect(judgeDescriptors(2_048, 1_409, true)).toMatchObject({
    outcome: 'problem',
    message: expect.stringContaining('1409 virtual users need up to 3118'),
    remedy: expect.stringContaining('3118'),
  });
  expect(judgeDescriptors(2_048, 1_409, false).outcome).toBe('ok');
});

test('the sentinel needs a thousand, however few the virtual users', () => {
  expect(judgeDescriptors(512, 10, true).outcome).toBe('problem');
  expect(judgeDescriptors(Number.POSITIVE_INFINITY, 20_000, true).message).toContain('any number of files');
});
