import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../tests/support/free-port.ts';

/** A real Redis that keeps nothing on disk. */
export interface Redis extends AsyncDisposable {
  url: string;
  /** Ends it at once, with all that it holds. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Its process takes no more turns: connections to it hang. */
  freeze(frozen: boolean): void;
}

/** Debian's package redis-server has it. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

const startTimeoutMs = 10_000;

export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    server = spawn('redis-server', options, { stdio: 'ignore', cwd: '/' });
    const deadlineMs = Date.now() + startTimeoutMs;
    while (!(await answers(port))) {
      if (Date.now() > deadlineMs) throw new Error(`Redis did not start in ${startTimeoutMs} ms`);
      await sleep(20);
    }
  }

  async function stop(): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    freeze: (frozen) => void server?.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.on('connect', () => socket.write('PING\r\n'));
  const [said] = await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => [undefined]);
  socket.destroy();
  return String(said).startsWith('+PONG');
}
