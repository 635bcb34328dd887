import type { Database } from './db/database.ts';
import { DatabaseAwayError } from './db/errors.ts';
import type { SharedCache } from './redis.ts';
import type { Tenant } from './tenant.ts';

/** What the shop remembers of a shopper. */
interface Session {
  id: string;
  name: string;
}

/** Where sessions are kept. */
export interface Sessions {
  /** Whether they end with the pod, so that shoppers must come back to it. */
  inPod: boolean;
  open(tenant: Tenant, session: Session): Promise<void>;
  /** undefined when there certainly is no such session. */
  find(tenant: Tenant, id: string): Promise<Session | undefined>;
}

/**
 * Sessions in the database: written once, at the writer, and read at the readers, so that shoppers stay known while
 * there is no writer. A reader may lag: a session unknown there is looked up at the writer before the shop says so.
 */
export function storedSessions({ writer, reader }: { writer: Database; reader: Database }): Sessions {
  async function findAt(database: Database, tenant: Tenant, id: string): Promise<Session | undefined> {
    const [row] = await database.query(tenant.queries.getSession, [id]);
    return row && { id, name: String(row.name) };
  }

  return {
    inPod: false,
    async open({ queries }, { id, name }) {
      await writer.query(queries.openSession, [id, name]);
    },
    async find(tenant, id) {
      const found = await findAt(reader, tenant, id).catch(undefinedIfAway);
      return found ?? (await findAt(writer, tenant, id));
    },
  };
}

function undefinedIfAway(error: unknown): undefined {
  if (!(error instanceof DatabaseAwayError)) throw error;
}

/** As long as a visit may last; the database knows the session for longer. */
const sharedForMs = 30 * 60_000;

/** Stored sessions that are found in the shared cache first. All of them are in the store, so none is lost with the cache. */
export function cachedSessions(stored: Sessions, shared: SharedCache): Sessions {
  const keyOf = (tenant: Tenant, id: string) => `session:${tenant.name}:${id}`;
  const remember = (tenant: Tenant, { id, name }: Session) => shared.set(keyOf(tenant, id), name, sharedForMs);
  return {
    ...stored,
    async open(tenant, session) {
      await stored.open(tenant, session);
      remember(tenant, session);
    },
    async find(tenant, id) {
      const name = await shared.get(keyOf(tenant, id));
      if (name !== undefined) return { id, name };
      const found = await stored.find(tenant, id);
      if (found) remember(tenant, found);
      return found;
    },
  };
}

const maxSessions = 10_000;

/** Sessions in the memory of this pod; the oldest beyond 10,000 are forgotten. */
export function podSessions(): Sessions {
  const sessions = new Map<string, Session>();
  const keyOf = (tenant: Tenant, id: string) => `${tenant.name} ${id}`;
  return {
    inPod: true,
    async open(tenant, session) {
      sessions.set(keyOf(tenant, session.id), session);
      if (sessions.size > maxSessions) sessions.delete(sessions.keys().next().value as string);
    },
    find: async (tenant, id) => sessions.get(keyOf(tenant, id)),
  };
}
