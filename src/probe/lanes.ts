import type { Replica } from '../model/facets.ts';
import type { Lane } from '../model/lane.ts';
import { popularProducts } from '../model/shop-answers.ts';
import type { ShopProbes, ShopRequest } from '../model/shop-request.ts';

/** Why these rates: docs/decisions/0005-probe-rates.md. */
const defaultEveryMs = { pooled: 10, new: 80, replica: 200 };

/**
 * The lanes of a shop: reads and writes through the edge, on pooled and on new connections, and writes at every replica
 * around the edge, so that a single pod that keeps writing to a demoted writer shows.
 * @param probes what to ask a shop other than the one under test; without writes, it is only read.
 */
export function lanesOf(edgeUrl: string, replicas: Replica[], probes?: ShopProbes): Lane[] {
  const everyMs = probes?.everyMs ?? defaultEveryMs;
  const paths = probes?.write === null ? (['read'] as const) : (['read', 'write'] as const);
  const requestOf = (path: Lane['path']) => (probes ? { request: probes[path] ?? probes.read } : {});
  const atReplica = probes?.write === null ? 'read' : 'write';
  const atEdge = paths.flatMap((path) =>
    (['pooled', 'new'] as const).map((connection) => ({
      lane: `edge-${path}-${connection}`,
      path,
      via: 'edge' as const,
      replica: '',
      zone: '',
      connection,
      baseUrl: edgeUrl,
      ...requestOf(path),
      intervalMs: everyMs[connection],
    })),
  );
  const atReplicas = replicas.map((replica) => ({
    lane: `replica-${replica.name}`,
    path: atReplica as Lane['path'],
    via: 'replica' as const,
    replica: replica.name,
    zone: replica.zone,
    connection: 'pooled' as const,
    baseUrl: replica.baseUrl,
    ...requestOf(atReplica),
    intervalMs: everyMs.replica,
  }));
  return [...atEdge, ...atReplicas];
}

/** What k6 asks once before the load: what the lanes through the edge ask. */
export function looksOf([tenant = '']: string[], probes?: ShopProbes): ShopRequest[] {
  if (probes) return [probes.read, ...(probes.write ? [probes.write] : [])];
  const page = {
    path: `/products/{n:${popularProducts}}`,
    headers: { 'x-tenant': tenant },
    body: null,
    expectText: '"id"',
  };
  return [{ method: 'GET', expectStatus: [200], ...page }];
}
