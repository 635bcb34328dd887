import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** A pod's counters; `text()` is the Prometheus page. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Counter({ name, help, labelNames, registers });

  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the first byte of a request to the last of its response.',
    labelNames: ['route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1],
    registers,
  });
  const responses = counter('http_responses_total', 'Responses by route and status.', ['route', 'status']);
  gaugeOf(registers, 'process_cpu_seconds', 'User and system CPU time spent.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gaugeOf(registers, 'process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());

  return {
    countResponse(route: string, status: number, elapsedMs: number): void {
      duration.labels(route).observe(elapsedMs / 1000);
      responses.labels(route, String(status)).inc();
    },
    databaseEvents: counter('database_events_total', 'Retries and evicted connections.', ['role', 'event']),
    connections: new Gauge({
      name: 'database_connections',
      help: 'Connections that a pool has at most.',
      labelNames: ['role'],
      registers,
    }),
    connectionUses: counter('database_connection_uses_total', 'Connections taken from a pool.', ['role']),
    connectionHold: counter('database_connection_hold_seconds_total', 'Time that connections were held.', ['role']),
    connectionWait: counter('database_connection_wait_seconds_total', 'Time that connections were waited for.', [
      'role',
    ]),
    redisAnswers: counter('redis_answers_total', 'What came of questions to Redis.', ['result']),
    shed: counter('requests_shed_total', 'Requests refused because of load.', ['kind']),
    stale: counter('stale_responses_total', 'Catalogue responses from before the database went away.'),
    text: () => registry.metrics(),
  };
}

function gaugeOf(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
