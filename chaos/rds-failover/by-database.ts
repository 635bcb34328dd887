import type { Database } from '../../src/model/facets.ts';
import type { ActiveFault, Proof, Way } from '../../src/model/fault.ts';
import { nowMs, waitFor } from '../../src/runtime/clock.ts';
import { healthyAtMs } from '../shared/healthy-at.ts';
import { healthyTimeoutMs } from '../shared/power-cut.ts';
import { type WayContext, way } from '../shared/way.ts';
import { writerChange } from '../shared/writer.ts';

const flipTimeoutMs = 60_000;
const pollEveryMs = 100;

/**
 * Asks the database itself to fail over: RDS by `FailoverDBCluster`, CloudNativePG by the end of its primary, or by a new target. Proven
 * when another instance is the writer; the undo only waits until the cluster is available.
 */
export const byDatabase = (targetInstanceId: string | undefined): Way =>
  way({
    name: 'database',
    requires: ['database-failover'],
    undo: 'nothing is taken back: the drill waits until the cluster is available again',
    rights: [],
    failsOver: true,
    limits: { injectMs: 60_000, undoMs: healthyTimeoutMs + 10_000 },
    check: ({ on }) => check(on.database, targetInstanceId),
    inject: (context) => inject(context, targetInstanceId),
  });

async function check(database: Database, target: string | undefined): Promise<string[]> {
  const { status, writer, readers } = await database.state();
  return [
    ...(status === 'available' ? [] : [`cluster ${database.id} is ${status}, not available`]),
    ...(writer === undefined ? [`cluster ${database.id} has no writer`] : []),
    ...(readers.length === 0 ? [`cluster ${database.id} has no reader to fail over to`] : []),
    ...(target !== undefined && !readers.includes(target)
      ? [`${target} is not a reader of ${database.id}; there are ${readers.join(', ') || 'none'}`]
      : []),
  ];
}

async function inject(
  { on: { database }, signal }: WayContext<'database-failover'>,
  target: string | undefined,
): Promise<ActiveFault> {
  const { writer } = await database.state();
  const injectedAtMs = nowMs();
  await database.failOver(target);
  return {
    injectedAtMs,
    prove: (signal) => prove(database, writer, signal),
    undo: async () => {
      // Of the platform the database alone: what else is away, such as a zone that failed before, another undo brings back.
      const untilHealthy = ({ timeoutMs }: { timeoutMs: number }) => untilAvailable(database, { timeoutMs, signal });
      return { revertedAtMs: await healthyAtMs({ untilHealthy, signal }, healthyTimeoutMs) };
    },
  };
}

async function prove(database: Database, former: string | undefined, signal: AbortSignal): Promise<Proof> {
  const waiting = { timeoutMs: flipTimeoutMs, intervalMs: pollEveryMs, signal };
  try {
    const proof = await waitFor(`another writer than ${former}`, () => writerChange(database, former), waiting);
    return { provenAtMs: nowMs(), proof };
  } catch (error) {
    signal.throwIfAborted();
    return { provenAtMs: null, proof: `${former} was still the writer: ${(error as Error).message}` };
  }
}

async function untilAvailable(database: Database, options: { timeoutMs: number; signal: AbortSignal }): Promise<void> {
  const isAvailable = async () => (await database.state()).status === 'available' || undefined;
  await waitFor(`cluster ${database.id} to be available again`, isAvailable, { ...options, intervalMs: pollEveryMs });
}
