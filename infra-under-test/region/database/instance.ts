import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitsItsTurn } from '../cpu-turns.ts';
import type { Binaries } from './binaries.ts';
import type { Access } from './client.ts';
import { type FrozenProcesses, freeze } from './frozen.ts';
import { spawnLeashed } from './leash.ts';
import { asUser, childrenOf, signalProcess, writePrivate } from './operating-system.ts';
import { postgresqlConf } from './settings.ts';
import { databaseName, host } from './topology.ts';

export type InstanceStatus = 'creating' | 'available' | 'rebooting' | 'failed' | 'stopped';

export interface InstanceOptions {
  id: string;
  zone: string;
  port: number;
  /** Where readers that follow this instance connect to: its port, or a proxy in front of it. */
  replicationPort: number;
  quorum: readonly string[];
  dir: string;
  binaries: Binaries;
  passwords: { postgres: string; replicator: string };
  /** Called as a crash begins: from then on it sends nothing. */
  onCrash: () => void;
  /** Called when it can no longer send anything, and when it can again. */
  onConnection: (connected: boolean) => void;
  /** Called when the server ended and nobody here asked it to. */
  onUnexpectedExit: (instance: Instance) => void;
}

const startTimeoutMs = 30_000;
const crashGraceMs = 1_000;

/** One PostgreSQL server: its data directory, its port for life, and its process while there is one. */
export class Instance {
  readonly id: string;
  readonly zone: string;
  readonly port: number;
  readonly replicationPort: number;
  readonly dataDir: string;
  readonly logFile: string;
  readonly access: Access;
  status: InstanceStatus = 'creating';
  readonly #options: InstanceOptions;
  #process: ChildProcess | null = null;
  #exitExpected = false;
  #isCutOff = false;
  #frozen: FrozenProcesses | null = null;

  constructor(options: InstanceOptions) {
    this.id = options.id;
    this.zone = options.zone;
    this.port = options.port;
    this.replicationPort = options.replicationPort;
    this.dataDir = join(options.dir, options.id);
    this.logFile = join(options.dir, `${options.id}.log`);
    this.access = {
      host,
      port: options.port,
      user: 'postgres',
      password: options.passwords.postgres,
      database: databaseName,
    };
    this.#options = options;
  }

  /** The server's process; null while it is down. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Whether its zone is disconnected: it does not answer, and cannot be started. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** Writes the settings; a running server applies a changed upstream or quorum at once. */
  async configure(changes: { upstream: Instance | null; quorum: boolean }): Promise<void> {
    const { binaries, id, port, quorum, passwords } = this.#options;
    const upstream = changes.upstream && { port: changes.upstream.replicationPort, password: passwords.replicator };
    const text = postgresqlConf({ id, port, quorum: changes.quorum ? quorum : [], upstream });
    const path = join(this.dataDir, 'postgresql.conf');
    await writePrivate(binaries.user, `${path}.new`, text);
    await rename(`${path}.new`, path);
    if (this.pid) signalProcess(this.pid, 'SIGHUP');
  }

  /** Starts the server and waits until it accepts connections. Throws with the end of its log when it does not. */
  async start(): Promise<void> {
    const { binaries, dir, onUnexpectedExit } = this.#options;
    if (this.#isCutOff) throw new Error(`${this.id} cannot start: its zone is disconnected`);
    this.#options.onConnection(true);
    const log = await open(this.logFile, 'a', 0o600);
    const child = spawnLeashed({
      leash: binaries.leash,
      command: binaries.postgres,
      args: ['-D', this.dataDir],
      signal: 'QUIT',
      graceSeconds: 2,
      cwd: dir,
      output: log.fd,
      ...asUser(binaries.user),
    });
    this.#exitExpected = true;
    this.#process = child;
    if (child.pid) waitsItsTurn(child.pid);
    child.once('exit', () => {
      this.#process = null;
      this.#frozen?.kill();
      this.#frozen = null;
      if (!this.#exitExpected) onUnexpectedExit(this);
    });
    child.once('error', () => {
      this.#process = null;
    });
    await log.close();
    await this.#untilReady(child);
    this.#exitExpected = false;
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadlineMs = performance.now() + startTimeoutMs;
    while (this.#process === child && performance.now() < deadlineMs) {
      // The server's own status file: its pid on the first line, its state on the last.
      const lines = (await readFile(join(this.dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
      if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return;
      await sleep(10);
    }
    await this.kill();
    throw new Error(`PostgreSQL (${this.id}) did not start. The end of ${this.logFile}:\n${await this.#logEnd()}`);
  }

  async #logEnd(): Promise<string> {
    const log = await readFile(this.logFile, 'utf8').catch(() => '');
    return log.trimEnd().split('\n').slice(-15).join('\n') || '(empty)';
  }

  /**
   * Crashes the server: kills one of its processes, upon which it tells its clients (57P02), ends the others and
   * exits. If it cannot do so within a second, it is killed with all its processes. An expected crash is not
   * reported as an unexpected exit.
   */
  async crash({ expected }: { expected: boolean }): Promise<void> {
    const child = this.#process;
    if (!child?.pid) return;
    this.#exitExpected = expected;
    this.#options.onCrash();
    const exited = once(child, 'exit');
    const processes = await childrenOf(child.pid);
    if (processes[0]) signalProcess(processes[0], 'SIGKILL');
    const late = setTimeout(() => {
      for (const pid of [child.pid as number, ...processes]) signalProcess(pid, 'SIGKILL');
    }, crashGraceMs);
    await exited.finally(() => clearTimeout(late));
  }

  /** Withholds its changes from all that replicate from it, until it is restarted. */
  holdBack(): void {
    this.#options.onConnection(false);
  }

  /** Freezes the server: its connections hang, without notice. One that is starting or crashing is killed. */
  async cutOff(): Promise<void> {
    this.#isCutOff = true;
    this.#options.onConnection(false);
    const child = this.#process;
    if (!child?.pid) return;
    const frozen = await freeze(child.pid);
    if (this.#exitExpected || this.#process !== child) frozen.kill();
    else this.#frozen = frozen;
  }

  /** Resumes a server that was cut off. */
  rejoin(): void {
    this.#isCutOff = false;
    this.#frozen?.resume();
    this.#frozen = null;
    this.#options.onConnection(true);
  }

  /** Ends a server that was cut off before it can do anything more; it can be restarted. */
  async rejoinDead(): Promise<void> {
    this.#options.onCrash();
    await this.kill();
    this.rejoin();
  }

  /** Ends the server at once, without telling anyone but its clients. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#exitExpected = true;
    const exited = once(child, 'exit');
    if (this.#frozen) this.#frozen.kill();
    else child.stdin?.end();
    await exited;
  }
}
