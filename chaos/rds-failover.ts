import type { Fault } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { byDatabase } from './rds-failover/by-database.ts';

const kind = 'rds-failover';
/** From the writer's failure until its name points at another one, the fastest that RDS promises (AWS: from 30 s). */
const failoverMs = 10_000;

/**
 * An Aurora-like cluster fails over.
 * @param options targetInstanceId: the reader to promote; without it the database chooses.
 */
export const rdsFailover = ({ targetInstanceId }: { targetInstanceId?: string } = {}): Fault => ({
  kind,
  summary: `the database's writer fails and ${targetInstanceId ?? 'a reader'} is promoted`,
  effects: [
    {
      kind,
      startsAfterMs: 0,
      lasts: failoverMs,
      ...(targetInstanceId && { promotes: targetInstanceId }),
    },
  ],
  hits: ({ databaseInstances: { length } }) => [
    { kind: 'database instance', which: 'the writer', count: 1, of: length },
  ],
  problems: (inventory) => problems(inventory, targetInstanceId),
  ways: [byDatabase(targetInstanceId)],
});

function problems({ databaseInstances }: Inventory, target: string | undefined): string[] {
  const ids = databaseInstances.map(({ id }) => id);
  const has = `the database has ${ids.join(', ') || 'no instances'}`;
  return [
    ...(ids.length < 2 ? [`${kind} finds no reader to promote: ${has}; add one`] : []),
    ...(target !== undefined && !ids.includes(target)
      ? [`${kind} is to promote ${target}, which does not exist: ${has}; name one of them, or none`]
      : []),
  ];
}
