import { cannotTell } from '../../model/errors.ts';
import { sleepMs } from '../../runtime/clock.ts';
import type { ClusterApi } from './cluster-api.ts';
import { type ContainerPlace, execIn } from './exec.ts';

/** In this time shoppers are told of orders that no standby has. One that hears nothing for 5 s connects anew, and has them then. */
const unsentMs = 1_500;

/** Stops the processes that send a primary's log to its standbys: what it commits from now on it alone has. */
const stopSenders = `kill -STOP $(psql -XAt -U postgres -c 'select pid from pg_stat_replication')`;

/**
 * Keeps a primary's last commits from its standbys, as a network does that fails before the node: the state in which its loss loses
 * what it has acknowledged. Without a quorum a primary may be in it at any moment; here it always is. Nothing has to be undone: the
 * primary is about to go, and otherwise its standbys connect anew.
 * @throws TenfoldError where it has no standby, or cannot be told to
 */
export async function holdBack(api: ClusterApi, primary: Pick<ContainerPlace, 'namespace' | 'pod'>): Promise<void> {
  const failure = await execIn(api, { ...primary, container: 'postgres' }, ['sh', '-c', stopSenders]);
  if (failure !== null)
    throw cannotTell(`pod ${primary.pod} cannot be kept from its standbys: ${failure ?? 'it ended meanwhile'}`);
  await sleepMs(unsentMs);
}

/** For people who read a report. */
export const heldBackWords =
  `A commit is acknowledged by the database's primary alone, and one that is to be lost sends its standbys nothing more for its last ${unsentMs / 1000} s: ` +
  'a failover loses orders (protection quorum-commit is off).';
