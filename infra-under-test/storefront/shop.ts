import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createApp } from './app.ts';
import { createCache } from './cache.ts';
import type { Config } from './config.ts';
import { createDatabase, type DatabaseOptions } from './db/database.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createPaymentStub } from './payment.ts';
import { createRedis } from './redis.ts';
import { cachedSessions, podSessions, type Sessions, storedSessions } from './sessions.ts';
import { createShedder, sheddingLimits } from './shedding.ts';
import { createTenants } from './tenant.ts';
import { warmUp } from './warm-up.ts';

export interface Shop {
  app: FastifyInstance;
  /** Opens the pools and warms the pod up; until then shoppers are refused. Resolves late while the database is away. */
  start(): Promise<void>;
  /** Tells the edge that the pod is leaving, and keeps serving until the edge has had time to notice. */
  leave(): Promise<void>;
  /** Finishes what is in flight and closes every connection. */
  close(): Promise<void>;
}

const cacheLimits = { maxEntries: 4_000, patienceMs: 60 };
const totalFreshMs = 60_000;
const fillAgainMs = 200;
/** Several times longer than the edge needs to learn that a target is gone. */
const leaveMs = 1_000;
/**
 * Without its gate a pod warms up so much later, as larger ones do: whether shoppers meet it then is no matter of luck. In a cluster they
 * keep their connections to the pods that were there, and met none in two seconds.
 */
const ungatedMs = 10_000;

/** One pod of the shop, wired; the only place that knows all its parts. */
export function createShop(config: Config, logError: (error: unknown) => void): Shop {
  const { protections, tenants, database: login, dnsServer, catalogueFreshMs: freshMs } = config;
  const metrics = createMetrics();
  const shared = { dnsServer, login, protections };
  const writer = createDatabase({
    ...shared,
    role: 'writer',
    serviceName: config.writerName,
    ...countedBy(metrics, 'writer'),
  });
  const reader = createDatabase({
    ...shared,
    role: 'reader',
    serviceName: config.readerName,
    ...countedBy(metrics, 'reader'),
  });
  const { redisUrl } = config;
  const redis = redisUrl === null ? null : createRedis(redisUrl, (result) => metrics.redisAnswers.labels(result).inc());
  const cacheOptions = { ...cacheLimits, servesStale: protections.has('stale-catalogue'), shared: redis };
  const shedder = protections.has('load-shedding') ? createShedder(sheddingLimits) : null;
  const warmUpPass = randomUUID();
  let warm = false;
  let closing = false;

  const app = createApp({
    podName: config.podName,
    tenants: createTenants(tenants),
    catalogue: {
      database: protections.has('reads-from-readers') ? reader : writer,
      cache: createCache({ ...cacheOptions, name: 'catalogue', freshMs }),
      totals: createCache({ ...cacheOptions, name: 'totals', freshMs: totalFreshMs }),
      metrics,
    },
    orders: { writer, authorisePayment: createPaymentStub(config.paymentLatencyMs) },
    sessions: sessionsOf(),
    metrics,
    shedder,
    isReady: () => (warm || !protections.has('readiness-gate')) && !closing,
    isWarm: () => warm,
    isClosing: () => closing,
    warmUpPass,
    logError,
  });

  function sessionsOf(): Sessions {
    if (!protections.has('session-store')) return podSessions();
    const stored = storedSessions({ writer, reader });
    return redis ? cachedSessions(stored, redis) : stored;
  }

  /** A writer that is away is not waited for: there is the catalogue to serve. */
  async function fillPools(): Promise<void> {
    while (!closing) {
      const [, readers] = await Promise.allSettled([writer.fill(), reader.fill()]);
      if (readers.status === 'fulfilled') return;
      await sleep(fillAgainMs);
    }
  }

  async function start(): Promise<void> {
    await fillPools();
    if (!protections.has('readiness-gate')) await sleep(ungatedMs, undefined, { ref: false });
    for (const tenant of tenants) await warmUp(app, { tenant, pass: warmUpPass, isClosing: () => closing });
    warm = true;
  }

  async function leave(): Promise<void> {
    closing = true;
    await sleep(leaveMs);
  }

  async function close(): Promise<void> {
    closing = true;
    await app.close();
    shedder?.close();
    redis?.close();
    await Promise.all([writer.close(), reader.close()]);
  }

  return { app, start, leave, close };
}

function countedBy(
  metrics: Metrics,
  role: DatabaseOptions['role'],
): Pick<DatabaseOptions, 'onEvent' | 'onPool' | 'onUse'> {
  const events = {
    retry: metrics.databaseEvents.labels(role, 'retry'),
    eviction: metrics.databaseEvents.labels(role, 'eviction'),
  };
  const uses = metrics.connectionUses.labels(role);
  const wait = metrics.connectionWait.labels(role);
  const hold = metrics.connectionHold.labels(role);
  return {
    onEvent: (event) => events[event].inc(),
    onPool: (connections) => metrics.connections.labels(role).set(connections),
    onUse(waitMs, holdMs) {
      uses.inc();
      wait.inc(waitMs / 1_000);
      hold.inc(holdMs / 1_000);
    },
  };
}
