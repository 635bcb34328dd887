import type { Fault } from '../src/model/fault.ts';
import { byChaosMesh } from './database-unreachable/by-chaos-mesh.ts';
import { byFis } from './database-unreachable/by-fis.ts';
import { byKubernetes } from './database-unreachable/by-kubernetes.ts';
import { awsDuration } from './shared/duration.ts';

const kind = 'database-unreachable';

/**
 * Nobody reaches the database for a while, and it loses nothing.
 * @param options duration: in AWS's format.
 */
export const databaseUnreachable = ({ duration }: { duration: string }): Fault => ({
  kind,
  summary: `the database cannot be reached for ${duration}`,
  effects: [{ kind, startsAfterMs: 0, lasts: awsDuration(duration) }],
  hits: ({ databaseInstances: { length } }) => [
    { kind: 'database instance', which: 'all of them, for the shop', count: length, of: length },
  ],
  problems: ({ databaseInstances }) =>
    databaseInstances.length === 0
      ? [`${kind} finds no database: the platform has none; choose a target with a database`]
      : [],
  ways: [byFis(kind, duration), byKubernetes(kind, duration), byChaosMesh(kind, duration)],
});
