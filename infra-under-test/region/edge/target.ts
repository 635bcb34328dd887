import { get } from 'node:http';
import { Pool } from 'undici';
import { constants, scaled } from '../constants.ts';
import { afterCheck, type Health, unchecked } from './health.ts';

/** A pod as the control API lists it to the edge. */
export interface TargetAddress {
  name: string;
  zone: string;
  host: string;
  port: number;
}

/** A pod behind the edge: its connections, its health and its requests in flight. */
export class Target {
  readonly address: TargetAddress;
  readonly pool: Pool;
  health: Health = unchecked;
  inFlight = 0;
  requests = 0;
  /** Fractions of a turn saved up so far; see `takesTurn`. */
  #credit = 0;
  #healthySinceMs: number | null = null;
  #checks: NodeJS.Timeout | undefined;
  #checking = false;

  constructor(address: TargetAddress, { upstreamTimeoutMs }: { upstreamTimeoutMs: number }) {
    this.address = address;
    this.pool = new Pool(`http://${address.host}:${address.port}`, {
      connectTimeout: constants.connectTimeoutMs,
      headersTimeout: upstreamTimeoutMs,
      bodyTimeout: upstreamTimeoutMs,
      keepAliveTimeout: constants.upstreamIdleTimeoutMs,
      keepAliveMaxTimeout: constants.upstreamIdleTimeoutMs,
    });
  }

  /** Checks at once and then at the interval, until the target is retired. */
  startHealthChecks(intervalMs: number): void {
    void this.#check();
    this.#checks = setInterval(() => void this.#check(), intervalMs);
  }

  /**
   * Whether it takes its turn: always, except in its first `slowStartMs` in service, when its share grows from zero.
   * A pod's code is cold however well it was warmed up.
   */
  takesTurn(nowMs: number, slowStartMs: number): boolean {
    const servedMs = this.#healthySinceMs === null ? slowStartMs : nowMs - this.#healthySinceMs;
    this.#credit += slowStartMs === 0 ? 1 : Math.min(1, servedMs / slowStartMs);
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }

  /** No new requests; those in flight finish, or are cut off after the deregistration delay. */
  async retire(): Promise<void> {
    clearInterval(this.#checks);
    const cutOff = setTimeout(() => void this.pool.destroy(), scaled.deregistrationDelay.ms);
    await this.pool.close().catch(() => {});
    clearTimeout(cutOff);
  }

  async #check(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    const passed = await answersReady(this.address);
    this.#checking = false;
    const before = this.health.state;
    this.health = afterCheck(this.health, passed);
    if (this.health.state === 'healthy' && before !== 'healthy') this.#healthySinceMs = performance.now();
  }
}

/** Whether GET /readyz answers 200 in time, on a new connection: a stuck one must not hide a target that recovered. */
function answersReady({ host, port }: TargetAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(scaled.healthCheckTimeout.ms);
    const request = get({ host, port, path: '/readyz', agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
