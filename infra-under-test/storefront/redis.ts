import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type RedisClientType } from '@redis/client';

/** What all pods share by key, for a while. It may be away at any time: whoever asks it knows where else to ask. */
export interface SharedCache {
  /** undefined when it holds nothing, and when it does not answer in time. */
  get(key: string): Promise<string | undefined>;
  /** Nobody waits for it, or learns whether it worked. */
  set(key: string, value: string, forMs: number): void;
  close(): void;
}

/** What came of a question. */
export type RedisEvent = 'hit' | 'miss' | 'away';

/** Several times what Redis takes, and far less than the database may. */
const answerMs = 100;
const connectMs = 500;
/** After a failure nobody asks it for about this long. */
const restMs = 1_000;

/**
 * Redis as a cache that shoppers never wait for: while it is away it is not asked, and connected to in the background. A connection on
 * which an answer is late is given up: those after it would be late as well.
 */
export function createRedis(url: string, onEvent: (event: RedisEvent) => void): SharedCache {
  let current: Connection = openConnection(url);
  let closed = false;

  async function keepConnected(): Promise<void> {
    for (;;) {
      await current.dropped;
      current.client.destroy();
      if (closed) return;
      await sleep(restMs * (1 - Math.random() / 2), undefined, { ref: false });
      if (closed) return;
      current = openConnection(url);
    }
  }

  async function ask({ client, drop }: Connection, key: string): Promise<string | null> {
    if (!client.isReady) throw new Error('there is no connection');
    return await inTime(client.get(key), answerMs).catch((error: unknown) => {
      drop();
      throw error;
    });
  }

  void keepConnected();
  return {
    async get(key) {
      try {
        const value = await ask(current, key);
        onEvent(value === null ? 'miss' : 'hit');
        return value ?? undefined;
      } catch {
        onEvent('away');
        return undefined;
      }
    },
    set(key, value, forMs) {
      const { client, drop } = current;
      if (client.isReady) client.set(key, value, { expiration: { type: 'PX', value: forMs } }).catch(drop);
    },
    close() {
      closed = true;
      current.drop();
    },
  };
}

interface Connection {
  client: RedisClientType;
  /** Settles once it is of no use any more. */
  dropped: Promise<void>;
  drop(): void;
}

function openConnection(url: string): Connection {
  const { promise: dropped, resolve } = Promise.withResolvers<void>();
  const drop = () => resolve();
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: connectMs, reconnectStrategy: false },
  });
  client.on('error', drop);
  // Twice: a server that hangs lets its kernel take the connection, and says nothing.
  inTime(client.connect(), 2 * connectMs).catch(drop);
  return { client, dropped, drop };
}

/** @throws when it takes longer. An answer that waits to be read while the pod is busy is in time. */
function inTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => setImmediate(reject, new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  answer.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}
