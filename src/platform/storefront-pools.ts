import { Agent, request } from 'undici';
import type { PoolReading, Replica } from '../model/facets.ts';

/** With NODE_USE_ENV_PROXY, Node's own would ask a proxy for what is near. */
const direct = new Agent();
const timeoutMs = 1_000;

/** What the replicas of the shop under test tell of their pools, on their page for Prometheus. */
export async function readStorefrontPools(
  replicas: readonly Pick<Replica, 'name' | 'baseUrl'>[],
): Promise<PoolReading[]> {
  const read = await Promise.all(
    replicas.map(async ({ name, baseUrl }) => {
      // One that ends, or is too busy to answer, leaves the others to tell.
      const page = await pageAt(`${baseUrl}/metrics`).catch(() => '');
      return poolsIn(page).map((pool) => ({ replica: name, ...pool }));
    }),
  );
  return read.flat();
}

async function pageAt(url: string): Promise<string> {
  const { body } = await request(url, { dispatcher: direct, signal: AbortSignal.timeout(timeoutMs) });
  return await body.text();
}

/** Samples whose only label is a pool's role. */
const sample = /^(?<name>\w+)\{role="(?<role>\w+)"\} (?<value>\S+)$/gm;

/** Each pool of which the page tells everything. */
export function poolsIn(page: string): Omit<PoolReading, 'replica'>[] {
  const told = [...page.matchAll(sample)].map(({ groups }) => groups ?? {});
  return [...Map.groupBy(told, ({ role = '' }) => role)].flatMap(([role, samples]) => {
    const numberOf = (name: string) => Number(samples.find((one) => one.name === name)?.value ?? Number.NaN);
    const pool = {
      role,
      connections: numberOf('database_connections'),
      uses: numberOf('database_connection_uses_total'),
      holdSeconds: numberOf('database_connection_hold_seconds_total'),
      waitSeconds: numberOf('database_connection_wait_seconds_total'),
    };
    return [pool.connections, pool.uses, pool.holdSeconds, pool.waitSeconds].every(Number.isFinite) ? [pool] : [];
  });
}
