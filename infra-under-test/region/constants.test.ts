import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fidelity } from './constants.ts';

test('the README tells how the region differs from production', async () => {
  const readme = await readFile(new URL('./README.md', import.meta.url), 'utf8');
  const [, differences = ''] = readme.split('## What differs from production');
  expect(differences.split('\n').filter((line) => line.startsWith('- '))).toEqual(
    fidelity.map((sentence) => `- ${sentence}`),
  );
});
