import { DatabaseAwayError } from './db/errors.ts';
import type { SharedCache } from './redis.ts';

export interface CacheOptions {
  /** Tells this cache's entries from others' in the shared one. */
  name: string;
  /** Asked before anything is loaded, and told what was; null: there is none. */
  shared: SharedCache | null;
  /** Entries younger than a random time between half of this and this are served without asking the database. */
  freshMs: number;
  /** Beyond this many, the oldest entries are dropped. */
  maxEntries: number;
  /** Whether an old entry is served when the database is away, or slower than patienceMs. */
  servesStale: boolean;
  patienceMs: number;
}

export interface Cached {
  body: string;
  stale: boolean;
}

export interface Cache {
  /** The entry of a key, loaded once however many callers ask at the same time. Rejects with load's error. */
  get(key: string, load: () => Promise<string>): Promise<Cached>;
}

/** Response bodies by key. */
export function createCache({ name, shared, freshMs, maxEntries, servesStale, patienceMs }: CacheOptions): Cache {
  const entries = new Map<string, { body: string; freshUntilMs: number }>();
  const loading = new Map<string, Promise<string>>();

  async function sharedOr(key: string, load: () => Promise<string>): Promise<string> {
    const sharedKey = `${name}:${key}`;
    const known = await shared?.get(sharedKey);
    if (known !== undefined) return known;
    const body = await load();
    shared?.set(sharedKey, body, freshMs);
    return body;
  }

  async function loadInto(key: string, load: () => Promise<string>): Promise<string> {
    const body = await sharedOr(key, load);
    // A Map keeps insertion order: deleted and set again, an entry moves to the end.
    entries.delete(key);
    // Entries loaded at the same moment, after an outage, must not all expire at the same moment.
    entries.set(key, { body, freshUntilMs: Date.now() + freshMs * (1 - Math.random() / 2) });
    if (entries.size > maxEntries) entries.delete(entries.keys().next().value as string);
    return body;
  }

  function loadOnce(key: string, load: () => Promise<string>): Promise<string> {
    const running = loading.get(key);
    if (running) return running;
    const started = loadInto(key, load).finally(() => loading.delete(key));
    loading.set(key, started);
    return started;
  }

  async function get(key: string, load: () => Promise<string>): Promise<Cached> {
    const entry = entries.get(key);
    if (entry && Date.now() < entry.freshUntilMs) return { body: entry.body, stale: false };
    const loaded = loadOnce(key, load);
    if (!entry || !servesStale) return { body: await loaded, stale: false };
    const body = await inTime(loaded, patienceMs);
    return body === null ? { body: entry.body, stale: true } : { body, stale: false };
  }

  return { get };
}

/** null when the database is away or takes longer than this. */
function inTime(loaded: Promise<string>, patienceMs: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, patienceMs, null);
    loaded
      .then(resolve, (error) => (error instanceof DatabaseAwayError ? resolve(null) : reject(error)))
      .finally(() => clearTimeout(timer));
  });
}
