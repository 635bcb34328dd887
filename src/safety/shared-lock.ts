import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import pg from 'pg';
import { InUse, invalid, Stopped, TenfoldError } from '../model/errors.ts';
import { withoutSecrets } from '../model/secrets.ts';
import { userName } from '../runtime/user-name.ts';

export interface SharedLockOptions {
  /** The environment variable with the connection string of a PostgreSQL database that all who drill the platform reach. */
  env: string;
  platform: string;
  runId: string;
  /** Told when the connection that holds the lock breaks: others may drill the platform then. */
  onLost: (reason: Stopped) => void;
}

const connectTimeoutMs = 10_000;
/** A server that can no longer be reached is noticed within some seconds. */
const aliveEveryMs = 5_000;

/**
 * Takes a lock that drills on other machines see too: an advisory lock of PostgreSQL, which the server lets go with the connection
 * that holds it (PostgreSQL, "Advisory Locks"). Its holder is told by the name of the connection.
 * @throws TenfoldError (invalid) when another drill holds it, or nobody can tell.
 */
export async function takeSharedLock({ env, platform, runId, onLost }: SharedLockOptions): Promise<AsyncDisposable> {
  const secret = process.env[env] ?? '';
  const client = new pg.Client({
    connectionString: secret,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: connectTimeoutMs,
    keepAlive: true,
    // PostgreSQL cuts it off after 63 bytes.
    application_name: `tenfold ${runId} of ${userName()} on ${hostname()}`.slice(0, 63),
  });
  let isOurs = false;
  const lose = (error: Error) => {
    if (!isOurs) return;
    isOurs = false;
    onLost(
      new Stopped('stopped', `the shared lock of ${platform} was lost: ${withoutSecrets(error.message, [secret])}`),
    );
  };
  client.on('error', lose);
  try {
    await client.connect();
    const holder = await seize(client, keyOf(platform));
    if (holder !== undefined) throw new InUse(platform, holder, 'wait for it to end, or stop it where it runs');
  } catch (error) {
    await client.end().catch(() => {});
    if (error instanceof TenfoldError) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw invalid(
      `it is not known whether another drill is using ${platform}: ${withoutSecrets(message || code || 'the database gave no reason', [secret])}`,
      `nothing was started; check the database that ${env} names`,
    );
  }
  isOurs = true;
  const timer = setInterval(() => void client.query('select 1').catch(lose), aliveEveryMs).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      isOurs = false;
      await client.end().catch(() => {});
    },
  };
}

/** Two 32-bit numbers, of which a platform's are its own but for a chance of 1 in 2^64. */
function keyOf(platform: string): [number, number] {
  const hash = createHash('sha256').update(`tenfold ${platform}`).digest();
  return [hash.readInt32BE(0), hash.readInt32BE(4)];
}

/** Who holds the lock already; undefined when it is ours now. */
async function seize(
  client: pg.Client,
  key: [number, number],
): Promise<{ holder: string; sinceMs: number | undefined } | undefined> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', key);
  if (rows[0]?.taken) return undefined;
  const holders = await client.query<{ name: string; address: string | null; since: Date }>(
    `select application_name as name, host(client_addr) as address, backend_start as since from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and granted and classid::int8 = ($1::int8 & 4294967295) and objid::int8 = ($2::int8 & 4294967295)`,
    key,
  );
  const [holder] = holders.rows;
  const { name, address, since } = holder ?? {};
  return { holder: `${name || 'somebody else'}${address ? ` (${address})` : ''}`, sinceMs: since?.getTime() };
}
