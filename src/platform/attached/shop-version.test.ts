import { expect, test, vi } from 'vitest';
import { shopVersion } from './shop-version.ts';

const asked = async (script: string, secrets: string[] = []) =>
  await shopVersion(
    { argv: ['sh', '-c', script], timeoutMs: 2_000 },
    { cwd: '/', secrets, signal: new AbortController().signal },
  );

test('what the command prints is the version, without any secret', async () => {
  vi.stubEnv('SHOP_TOKEN', 'very-secret');
  expect(await asked('echo; echo " v1.4.2 "')).toBe('v1.4.2');
  expect(await asked('echo "v1 $SHOP_TOKEN"', ['SHOP_TOKEN'])).toBe('v1 ***');
});

test.each([
  ['fails', 'echo no such host; exit 3', /ended with exit code 3: no such host/],
  ['prints nothing', 'true', /printed nothing/],
  ['does not end', 'sleep 60', /did not end within 2 s/],
])('one that %s is told, and is no version', async (_, script, problem) => {
  await expect(asked(script)).rejects.toThrow(problem);
});
