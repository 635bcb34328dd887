import { type ChildProcess, spawn } from 'node:child_process';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { constants, scaled } from '../constants.ts';
import type { PodSpec, PodStatus } from './protocol.ts';

/** A pod on its node: a process in the node's process group that is restarted whenever it ends. */
export class Pod {
  readonly name: string;
  readonly #spec: PodSpec;
  readonly #changed: () => void;
  #phase: PodStatus['phase'] = 'starting';
  #process: ChildProcess | undefined;
  #port: number | null = null;
  #ready = false;
  #restarts = 0;
  #quickExits = 0;
  #lastExit: string | null = null;
  #probeFailures = 0;
  #timer: NodeJS.Timeout | undefined;
  #gone = Promise.withResolvers<void>();

  /** Starts at once. @param changed is called whenever `status` changes. */
  constructor(spec: PodSpec, changed: () => void) {
    this.name = spec.name;
    this.#spec = spec;
    this.#changed = changed;
    this.#start();
  }

  /** Of its process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Its status, except for its CPU time. */
  get status(): Omit<PodStatus, 'cpuMs'> {
    return {
      name: this.name,
      phase: this.#phase,
      ready: this.#ready,
      port: this.#port,
      restarts: this.#restarts,
      lastExit: this.#lastExit,
    };
  }

  /**
   * Ends the pod: SIGTERM, and SIGKILL after the grace. Resolves when its process is gone.
   * @param waitMs how long a pod that may get requests keeps serving first, until nobody sends it any
   */
  stop(waitMs = 0): Promise<void> {
    const wasReady = this.#ready;
    this.#phase = 'stopping';
    this.#ready = false;
    clearTimeout(this.#timer);
    if (!this.#process) this.#gone.resolve();
    if (wasReady && waitMs > 0) this.#timer = setTimeout(() => this.#terminate(), waitMs);
    else this.#terminate();
    this.#changed();
    return this.#gone.promise;
  }

  #terminate(): void {
    this.#process?.kill('SIGTERM');
    this.#timer = setTimeout(() => this.#process?.kill('SIGKILL'), scaled.podStopGrace.ms);
  }

  #start(): void {
    this.#phase = 'starting';
    const startedAt = performance.now();
    const child = spawn(process.execPath, this.#spec.args, {
      env: { ...this.#spec.env, PATH: process.env.PATH ?? '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    child.stdin.on('error', () => {});
    child.once('error', (error) => this.#exited(error.message, startedAt));
    child.once('exit', (code, signal) => this.#exited(signal ? `signal ${signal}` : `exit code ${code}`, startedAt));
    createInterface({ input: child.stdout }).on('line', (line) => this.#read(line));
    this.#timer = setTimeout(() => child.kill('SIGKILL'), constants.podStartTimeoutMs);
  }

  #read(line: string): void {
    const port = listeningPort(line);
    if (port === null || this.#phase !== 'starting') return;
    clearTimeout(this.#timer);
    this.#phase = 'running';
    this.#port = port;
    this.#probeFailures = 0;
    this.#changed();
    void this.#probe();
  }

  async #probe(): Promise<void> {
    const probed = this.#process;
    const passed = this.#port !== null && (await isReady(this.#port));
    if (this.#process !== probed || this.#phase !== 'running') return;
    this.#probeFailures = passed ? 0 : this.#probeFailures + 1;
    const ready = passed || (this.#ready && this.#probeFailures < constants.readinessFailures);
    if (ready !== this.#ready) {
      this.#ready = ready;
      this.#changed();
    }
    const nextMs = this.#ready ? scaled.readinessPeriod.ms : constants.firstReadinessPeriodMs;
    this.#timer = setTimeout(() => void this.#probe(), nextMs);
  }

  #exited(how: string, startedAt: number): void {
    if (!this.#process) return;
    clearTimeout(this.#timer);
    this.#process = undefined;
    this.#port = null;
    this.#ready = false;
    this.#lastExit = how;
    if (this.#phase === 'stopping') this.#gone.resolve();
    else this.#restart(performance.now() - startedAt);
  }

  #restart(ranMs: number): void {
    this.#quickExits = ranMs >= scaled.restartBackoffReset.ms ? 0 : this.#quickExits;
    this.#phase = 'backing-off';
    this.#timer = setTimeout(() => this.#start(), backoffMs(this.#quickExits));
    this.#quickExits += 1;
    this.#restarts += 1;
    this.#changed();
  }
}

/** How long to wait before restarting a pod that ended: not at all the first time, then doubling. */
export function backoffMs(quickExits: number): number {
  if (quickExits === 0) return 0;
  return Math.min(scaled.restartBackoffFirst.ms * 2 ** (quickExits - 1), scaled.restartBackoffMax.ms);
}

/** The port of a line `{"listening":{"port":1234}}`; null for any other line. */
function listeningPort(line: string): number | null {
  try {
    const port: unknown = JSON.parse(line)?.listening?.port;
    return typeof port === 'number' ? port : null;
  } catch {
    return null;
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(constants.readinessTimeoutMs);
    const request = get({ host: '127.0.0.1', port, path: '/readyz', agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
