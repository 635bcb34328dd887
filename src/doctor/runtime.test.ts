import { expect, test } from 'vitest';
import { judgeRuntime } from './runtime.ts';

test('this Node is the one that tenfold is made for', () => {
  expect(judgeRuntime(process.versions.node, process.platform, process.arch).outcome).toBe('ok');
});

test('an older Node keeps drills from running, a newer one is not tested', () => {
  expect(judgeRuntime('22.18.0', 'linux', 'x64')).toMatchObject({ outcome: 'problem', remedy: expect.any(String) });
  expect(judgeRuntime('26.0.0', 'linux', 'x64')).toMatchObject({ outcome: 'warning', remedy: expect.any(String) });
});

test('no other system than Linux and macOS will do', () => {
  expect(judgeRuntime('24.1.0', 'darwin', 'arm64').outcome).toBe('ok');
  expect(judgeRuntime('24.1.0', 'win32', 'x64')).toMatchObject({
    outcome: 'problem',
    remedy: expect.stringMatching(/WSL/),
  });
});
