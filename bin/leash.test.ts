import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';

const leash = fileURLToPath(new URL('leash.sh', import.meta.url));

const start = (signal: string, graceSeconds: number, script: string) =>
  spawn('/bin/sh', [leash, signal, String(graceSeconds), '/bin/sh', '-c', script], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });

const endOf = async (child: ChildProcess) => (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
const firstLine = async (child: ChildProcess) =>
  String((await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data'))[0]).trim();

/** The leash leads a process group. The dead that nobody has reaped yet are no members. */
const membersOf = (group: number) =>
  execFileSync('ps', ['-A', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.trim().split(/\s+/)[0] === String(group) && !/^\s*\d+\s+Z/.test(line));
const untilNothingIsLeftOf = (group: number) =>
  vi.waitFor(() => expect(membersOf(group)).toEqual([]), { timeout: 3_000, interval: 20 });

describe('leash.sh', () => {
  it('passes the exit code on and leaves nothing', async () => {
    const child = start('TERM', 2, 'exit 7');
    expect(await endOf(child)).toEqual([7, null]);
    await untilNothingIsLeftOf(child.pid as number);
  });

  it('is the command: its pid, its signals, an empty stdin', async () => {
    const child = start('TERM', 2, 'trap "exit 9" INT; cat; echo $$; while :; do sleep 0.1; done');
    expect(await firstLine(child)).toBe(String(child.pid));
    child.kill('SIGINT');
    expect(await endOf(child)).toEqual([9, null]);
    await untilNothingIsLeftOf(child.pid as number);
  });

  it('sends the signal when its stdin ends', async () => {
    const child = start('QUIT', 2, 'trap "exit 3" QUIT; echo up; while :; do sleep 0.05; done');
    await firstLine(child);
    child.stdin.end();
    expect(await endOf(child)).toEqual([3, null]);
    await untilNothingIsLeftOf(child.pid as number);
  });

  it('kills a command that will not end, with its children, after the grace', async () => {
    const child = start('TERM', 1, 'trap "" TERM; sleep 60 & echo up; wait; sleep 60');
    await firstLine(child);
    const letGoAtMs = performance.now();
    child.stdin.end();
    expect(await endOf(child)).toEqual([null, 'SIGKILL']);
    expect(performance.now() - letGoAtMs).toBeGreaterThan(900);
    await untilNothingIsLeftOf(child.pid as number);
  });

  it('ends the command when its owner is killed', async () => {
    const script = `
      const child = require('node:child_process').spawn('/bin/sh', ['${leash}', 'TERM', '2', 'sleep', '60'], { detached: true });
      console.log(child.pid);`;
    const owner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const commandPid = Number(await firstLine(owner));
    expect(membersOf(commandPid)).toContainEqual(expect.stringContaining('sleep 60'));
    owner.kill('SIGKILL');
    await untilNothingIsLeftOf(commandPid);
  });
});
