import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Protection } from '../protections.ts';
import { clientOf } from './client.ts';
import { isDead, isReadOnly } from './errors.ts';
import { type Address, createServiceName } from './names.ts';
import { createRestingAddresses } from './resting.ts';
import { retryBudget, withRetries } from './retry.ts';

/** A prepared statement; its name stands for its text on every connection. */
export interface Statement {
  name: string;
  text: string;
}

export type Row = Record<string, unknown>;

export interface Database {
  /** Rows of a statement. Rejects with DatabaseAwayError when the retries are spent, else with PostgreSQL's error. */
  query(statement: Statement, values: unknown[]): Promise<Row[]>;
  /** Opens every connection of the pool, so that no shopper waits for one. Rejects with the first error. */
  fill(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  role: 'writer' | 'reader';
  dnsServer: Address;
  serviceName: string;
  login: { database: string; user: string; password: string };
  protections: Set<Protection>;
  onEvent: (event: 'retry' | 'eviction') => void;
  /** Told once of how many connections the pool has at most. */
  onPool: (connections: number) => void;
  /** Called when a connection is given back: how long it was waited for, and held. */
  onUse: (waitMs: number, holdMs: number) => void;
}

const connectTimeoutMs = 300;
/** Backends give up later than pods do, so that abandoned statements do not pile up. */
const statementTimeoutMs = 2_000;
/** A database that hangs does not keep a pod from ending. */
const closeTimeoutMs = 500;
const roles = {
  writer: { max: 6, queryTimeoutMs: 500, restMs: 100 },
  /** A reader that hangs costs a shopper 300 ms each time it is retried; there are others. */
  reader: { max: 4, queryTimeoutMs: 300, restMs: 1_000 },
};

/** A bounded pool behind a DNS name, with the shop's protections around it. */
export function createDatabase(options: DatabaseOptions): Database {
  const { protections, onEvent, onUse } = options;
  const { max, queryTimeoutMs, restMs } = roles[options.role];
  options.onPool(max);
  const evicts = protections.has('evict-read-only-connections');
  const hasTimeouts = protections.has('timeouts');
  const budget = protections.has('retry-budget') ? retryBudget : null;
  const name = createServiceName(options.dnsServer, options.serviceName);
  const pool = new pg.Pool({
    ...options.login,
    application_name: `storefront-${options.role}`,
    max,
    idleTimeoutMillis: 0,
    keepAlive: true,
    // Every statement is prepared and its plan does not depend on its values: replanning doubles its cost.
    options: '-c plan_cache_mode=force_generic_plan',
    Client: clientOf({
      name,
      resting: createRestingAddresses(budget ? restMs : 0),
      mustBeWriter: evicts && options.role === 'writer',
    }),
    ...(hasTimeouts && { connectionTimeoutMillis: connectTimeoutMs, statement_timeout: statementTimeoutMs }),
  });
  // An idle connection that dies is dropped by the pool; without a listener its error would end the process.
  pool.on('error', name.invalidate);
  /** A connection older than the last demotion leads to a reader. */
  let demotions = 0;
  const demotionsBefore = new WeakMap<pg.PoolClient, number>();
  pool.on('connect', (client) => {
    demotionsBefore.set(client, demotions);
    client.on('error', name.invalidate);
  });

  /** A connection opened since the last demotion. */
  async function connect(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect();
      if (demotionsBefore.get(client) === demotions) return client;
      client.release(true);
    }
  }

  /** Returns whether to discard the connection, and forgets the name's answer when it may be wrong. */
  function mustDiscard(client: pg.PoolClient, error: unknown): boolean {
    const demoted = evicts && isReadOnly(error);
    if (demoted) onEvent('eviction');
    if (demoted && demotionsBefore.get(client) === demotions) demotions++;
    const discard = demoted || isDead(error);
    if (discard) name.invalidate();
    return discard;
  }

  async function tryOnce(statement: Statement, values: unknown[], remainingMs: number): Promise<Row[]> {
    const askedAtMs = performance.now();
    const client = await connect();
    const takenAtMs = performance.now();
    let discard = false;
    try {
      const timeout = hasTimeouts && { query_timeout: Math.max(1, Math.min(queryTimeoutMs, remainingMs)) };
      const result = await client.query<Row>({ ...statement, values, ...timeout });
      return result.rows;
    } catch (error) {
      discard = mustDiscard(client, error);
      throw error;
    } finally {
      client.release(discard);
      onUse(takenAtMs - askedAtMs, performance.now() - takenAtMs);
    }
  }

  /** One by one: with the handshakes of all pods at once, connecting would time out and addresses would rest. */
  async function fill(): Promise<void> {
    const opened: pg.PoolClient[] = [];
    try {
      while (opened.length < max) opened.push(await connect());
    } finally {
      for (const client of opened) client.release();
    }
  }

  return {
    query: (statement, values) =>
      withRetries(
        budget,
        (remainingMs) => tryOnce(statement, values, remainingMs),
        () => onEvent('retry'),
      ),
    fill,
    close: () => Promise.race([pool.end(), sleep(closeTimeoutMs, undefined, { ref: false })]),
  };
}
