import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { nowMs } from './clock.ts';
import { runCommand } from './command.ts';
import { isAlive } from './processes.ts';

const sh = (script: string) => ['sh', '-c', script] as const;
/** What is dead and waits for whoever has to take note of it (Z) does not run. */
const runs = (pid: number) =>
  /^[^Z]/.test(execFileSync('sh', ['-c', `ps -o stat= -p ${pid} || true`], { encoding: 'utf8' }));
const at = (timeoutMs: number) => ({ cwd: tmpdir(), timeoutMs });

test('what a command leaves in the background keeps nobody waiting, and lives on', async () => {
  const startMs = nowMs();
  const end = await runCommand(sh('sleep 30 & echo $!'), at(20_000));
  const pid = Number(end.said);
  expect(end).toMatchObject({ ok: true, message: '' });
  expect(nowMs() - startMs).toBeLessThan(10_000);
  expect(isAlive(pid)).toBe(true);
  process.kill(pid);
});

test('a command that outlasts its time is ended with all its processes, even those that do not listen', async () => {
  const end = await runCommand(
    sh('sh -c "trap \\"\\" TERM; sleep 30" & echo $!; trap "" TERM; sleep 30; sleep 30'),
    at(300),
  );
  expect(end).toMatchObject({ ok: false, message: expect.stringMatching(/did not end within 0.3 s/) });
  expect(runs(Number(end.said))).toBe(false);
});

test('a command that does not exist, or fails, is told as such', async () => {
  expect(await runCommand(['no-such-program'], at(1_000))).toMatchObject({
    ok: false,
    message: expect.stringMatching(/could not be started: .*ENOENT/),
  });
  expect(await runCommand(sh('echo out; echo err >&2; exit 3'), at(1_000))).toEqual({
    ok: false,
    said: 'out\nerr',
    message: 'ended with exit code 3',
  });
});

test('nothing in an argument is expanded', async () => {
  expect((await runCommand(['echo', '$HOME', '*', '; exit 1'], at(1_000))).said).toBe('$HOME * ; exit 1');
});
