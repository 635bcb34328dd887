import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import { judgePriority, postgresUser, privileges } from './privileges.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

test('whether the instruments may go first is tried, and taken back', async () => {
  const before = getPriority();
  const [answer] = await privileges.run(testContext({ standsUp: false }));
  expect(getPriority()).toBe(before);
  expect(['ok', 'warning']).toContain(answer?.outcome);
});

test('instruments that cannot go first are a warning with its remedy', () => {
  expect(judgePriority(false)).toMatchObject({ outcome: 'warning', remedy: expect.stringContaining('root') });
});

test.runIf(process.getuid?.() === 0)('as root, PostgreSQL needs a folder that nobody can enter', async () => {
  await chmod(folder, 0o755);
  expect(await postgresUser(folder)).toMatchObject({ outcome: 'ok' });
  const inside = join(folder, 'private', 'tmp');
  await mkdir(inside, { recursive: true });
  await chmod(join(folder, 'private'), 0o700);
  expect(await postgresUser(inside)).toMatchObject({
    outcome: 'problem',
    message: expect.stringContaining('is private'),
    remedy: expect.stringContaining('TMPDIR'),
  });
});
