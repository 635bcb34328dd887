import { execFileSync, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { nowMs } from './clock.ts';
import { runCommand } from './command.ts';
import { isAlive } from './processes.ts';

const sh = (script: string) => ['sh', '-c', script] as const;
/** A zombie (Z), dead but not yet reaped, does not run. */
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
    message: expect.stringMatching(/could not be started: .*no-such-program.*not found/),
  });
  expect(await runCommand(sh('echo out; echo err >&2; exit 3'), at(1_000))).toEqual({
    ok: false,
    said: 'out\nerr',
    message: 'ended with exit code 3',
  });
});

test('a command ends with whoever runs it, and with all its processes', async () => {
  const program = fileURLToPath(new URL('command.ts', import.meta.url));
  const running = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `const { runCommand } = await import(${JSON.stringify(program)});
     await runCommand(['sh', '-c', 'echo $$; sleep 31 & echo $! >&2; sleep 31'], { cwd: '/', timeoutMs: 30_000 });`,
  ]);
  const groups = await vi.waitFor(() => childrenOf(running.pid ?? 0), { timeout: 10_000, interval: 50 });
  running.kill('SIGKILL');
  await vi.waitFor(() => expect(groups.flatMap(membersOf)).toEqual([]), { timeout: 5_000, interval: 50 });
});

/** The groups that a process's children lead. */
function childrenOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' }).split('\n');
  const children = lines.map((line) => line.trim().split(/\s+/).map(Number)).filter(([parent]) => parent === pid);
  const leaders = children.map(([, child]) => child as number);
  if (leaders.flatMap(membersOf).length < 3) throw new Error('it has not started yet');
  return leaders;
}

const membersOf = (group: number): string[] =>
  execFileSync('ps', ['-A', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => new RegExp(`^ *${group} +[^Z]`).test(line));

test('nothing in an argument is expanded', async () => {
  expect((await runCommand(['echo', '$HOME', '*', '; exit 1'], at(1_000))).said).toBe('$HOME * ; exit 1');
});
