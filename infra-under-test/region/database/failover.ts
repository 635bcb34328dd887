import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from './client.ts';
import type { Instance } from './instance.ts';

/** What a failover does to the cluster around it. */
export interface FailoverSteps {
  writer: Instance;
  readers: readonly Instance[];
  /** The reader to promote; null: the one that received most. */
  target: Instance | null;
  quorum: boolean;
  dnsFlipDelayMs: number;
  signal: AbortSignal;
  started(target: Instance): void;
  /** What happens to a writer in its last moments. */
  beforeCrash(): Promise<void>;
  /** Hands over everything but the names to the new writer. */
  promoted(target: Instance): Promise<void>;
  /** Makes the old writer a reader of the new one; false: it is cut off, so that has to wait. */
  bringBack(oldWriter: Instance): Promise<boolean>;
  flipName(target: Instance): void;
  event(message: string): void;
}

/** When each step was done, epoch ms. */
export interface FailoverReport {
  targetInstanceId: string;
  startedAtMs: number;
  crashedAtMs: number;
  promotedAtMs: number;
  /** Null when the old writer was not back before the name moved. */
  oldWriterBackAtMs: number | null;
  nameMovedAtMs: number;
}

/** A reader that is cut off in the meantime does not delay the failover for longer. */
const hasty = { queryTimeoutMs: 5_000 };
const feedTimeoutMs = 10_000;
const drainTimeoutMs = 500;
const promoteTimeoutMs = 10_000;
/** The least time that clients with the stale name meet a reader, and the longest that the name is stale. */
const staleNameMs = 1_000;
const latestFlipMs = 8_000;

/**
 * Crashes the writer and makes a reader the writer, as Aurora's clients see it. Loses no commit that a reader holds. A
 * writer that is cut off stays as it is: its clients hang, like those of a machine without power.
 */
export async function failOver(steps: FailoverSteps): Promise<FailoverReport> {
  const { writer, readers, signal } = steps;
  const startedAtMs = Date.now();
  if (steps.target) steps.started(steps.target);
  if (writer.isCutOff) steps.event(`${writer.id} is given up: it is cut off`);
  else {
    await steps.beforeCrash();
    await writer.crash({ expected: true });
    steps.event(`${writer.id} crashed`);
  }
  const crashedAtMs = Date.now();

  const most = await mostReceived(readers, steps.target);
  const target = steps.target ?? most.reader;
  if (!steps.target) steps.started(target);
  if (target !== most.reader) await feed(target, most, steps);

  await promote(target, signal);
  const promotedAtMs = Date.now();
  await steps.promoted(target);

  let oldWriterBackAtMs: number | null = null;
  const staleNameMet = steps.bringBack(writer).then((isBack) => {
    if (!isBack) return;
    oldWriterBackAtMs = Date.now();
    return sleep(staleNameMs, undefined, { signal });
  });
  const ripe = Promise.all([sleep(steps.dnsFlipDelayMs, null, { signal }), staleNameMet]);
  await Promise.race([
    ripe.catch(() => waitUntil(promotedAtMs + latestFlipMs, signal)),
    waitUntil(promotedAtMs + latestFlipMs, signal),
  ]);
  steps.flipName(target);
  return {
    targetInstanceId: target.id,
    startedAtMs,
    crashedAtMs,
    promotedAtMs,
    oldWriterBackAtMs,
    nameMovedAtMs: Date.now(),
  };
}

const waitUntil = (atMs: number, signal: AbortSignal) => sleep(Math.max(0, atMs - Date.now()), null, { signal });

/** Of the readers that answer, the one that received most; the preferred one among equals. */
async function mostReceived(readers: readonly Instance[], preferred: Instance | null): Promise<Received> {
  const answers = await Promise.allSettled(readers.map(receivedBytes));
  const received = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  if (received.length === 0) throw new Error('no reader answers', { cause: answers[0] });
  const rank = (a: Received, b: Received) =>
    Number(b.bytes - a.bytes) || Number(b.reader === preferred) - Number(a.reader === preferred);
  return received.sort(rank)[0] as Received;
}

interface Received {
  reader: Instance;
  bytes: bigint;
}

/** How far a reader's log reaches once it has received all that the dead writer had sent. */
async function receivedBytes(reader: Instance): Promise<Received> {
  return withClient(
    reader.access,
    async (client) => {
      const deadlineMs = performance.now() + drainTimeoutMs;
      for (;;) {
        const { rows } = await client.query(`
        select exists (select from pg_stat_wal_receiver where status = 'streaming') as streaming,
          (greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0')::text as bytes`);
        if (!rows[0].streaming || performance.now() > deadlineMs) return { reader, bytes: BigInt(rows[0].bytes) };
        await sleep(5);
      }
    },
    hasty,
  );
}

/** Lets the target catch up from a reader that received more. */
async function feed(target: Instance, source: Received, steps: FailoverSteps): Promise<void> {
  await target.configure({ upstream: source.reader, quorum: steps.quorum });
  const query = `select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0' >= $1::numeric as done`;
  await untilDone(target, query, [source.bytes.toString()], feedTimeoutMs, steps.signal);
  steps.event(`${target.id} caught up from ${source.reader.id}`);
}

async function promote(target: Instance, signal: AbortSignal): Promise<void> {
  await withClient(target.access, (client) => client.query('select pg_promote(wait => false)'), hasty);
  await untilDone(target, 'select not pg_is_in_recovery() as done', [], promoteTimeoutMs, signal);
}

async function untilDone(instance: Instance, query: string, values: string[], timeoutMs: number, signal: AbortSignal) {
  await withClient(
    instance.access,
    async (client) => {
      const deadlineMs = performance.now() + timeoutMs;
      while (!(await client.query(query, values)).rows[0].done) {
        if (performance.now() > deadlineMs)
          throw new Error(`${instance.id} did not get there in ${timeoutMs} ms: ${query}`);
        await sleep(5, null, { signal });
      }
    },
    hasty,
  );
}
