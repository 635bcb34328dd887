import type { Lane } from '../model/lane.ts';
import type { Replica } from '../model/target.ts';

/** Why these rates: docs/decisions/0005-probe-rates.md. */
const everyMs = { pooled: 10, new: 40, replica: 50 };

/**
 * The lanes of a shop: reads and writes through the edge, on pooled and on new connections, and writes at every
 * replica around the edge, so that one pod that keeps writing to a demoted writer shows.
 */
export function lanesOf(edgeUrl: string, replicas: Replica[]): Lane[] {
  const atEdge = (['read', 'write'] as const).flatMap((path) =>
    (['pooled', 'new'] as const).map((connection) => ({
      lane: `edge-${path}-${connection}`,
      path,
      via: 'edge' as const,
      replica: '',
      zone: '',
      connection,
      baseUrl: edgeUrl,
      intervalMs: everyMs[connection],
    })),
  );
  const atReplicas = replicas.map((replica) => ({
    lane: `replica-${replica.name}`,
    path: 'write' as const,
    via: 'replica' as const,
    replica: replica.name,
    zone: replica.zone,
    connection: 'pooled' as const,
    baseUrl: replica.baseUrl,
    intervalMs: everyMs.replica,
  }));
  return [...atEdge, ...atReplicas];
}
