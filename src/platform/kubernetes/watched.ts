import { type KubernetesObject, ListWatch, Watch } from '@kubernetes/client-node';
import { nowMs, sleepMs } from '../../runtime/clock.ts';
import { type ClusterApi, listAll } from './cluster-api.ts';

/** The API server is asked again this long after it went away. */
const againMs = 500;

/** Objects of a kind as the API server last told of them. */
export interface Watched<T> extends Disposable {
  /** Resolves once the first list is there; rejects with what kept it from being listed. */
  listed: Promise<void>;
  all(): readonly T[];
  /** Called with each change, as it arrives here. */
  onChange(listener: (object: T, change: 'seen' | 'gone') => void): void;
  /**
   * Since when the API server is known to be away, epoch ms; null while it answers. Where packets vanish that is known after 30 s at
   * the latest, when the watch has heard nothing for so long and asks again.
   */
  awaySinceMs(): number | null;
}

export interface WatchedKind {
  apiVersion: string;
  kind: string;
  /** As in the API's paths. */
  plural: string;
  namespace?: string;
}

const pathOf = ({ apiVersion, plural, namespace }: WatchedKind): string =>
  `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}${namespace ? `/namespaces/${namespace}` : ''}/${plural}`;

/**
 * Watches objects: a list, then what changes, from the list's version on; bookmarks keep that version young where little happens, and
 * where it is too old all the same (410) they are listed again. It goes on when the API server comes back.
 */
export function watched<T extends KubernetesObject>(api: ClusterApi, kind: WatchedKind): Watched<T> {
  const { apiVersion, namespace } = kind;
  const list = () => listAll<T>(api, apiVersion, kind.kind, namespace ? { namespace } : {});
  const over = new AbortController();
  const watch = new NotedWatch(api.config);
  const objects = new ListWatch<T>(pathOf(kind), watch, list, false);
  const first = Promise.withResolvers<void>();
  objects.on('error', (error) => {
    first.reject(error);
    watch.awaySinceMs ??= nowMs();
    void sleepMs(againMs, over.signal).then(
      () => objects.start().catch(() => {}),
      () => {},
    );
  });
  void objects.start().then(first.resolve, first.reject);
  first.promise.catch(() => {});
  return {
    listed: first.promise,
    all: () => objects.list(),
    onChange(listener) {
      objects.on('add', (object) => listener(object, 'seen'));
      objects.on('update', (object) => listener(object, 'seen'));
      objects.on('delete', (object) => listener(object, 'gone'));
    },
    awaySinceMs: () => watch.awaySinceMs,
    [Symbol.dispose]() {
      over.abort();
      watch.end();
      void objects.stop();
    },
  };
}

/** A watch that notes whether the API server answers. It rejects with nothing: every failure goes to `done`. */
class NotedWatch extends Watch {
  awaySinceMs: number | null = null;
  #isOver = false;

  end(): void {
    this.#isOver = true;
  }

  override async watch(...[path, query, callback, done]: Parameters<Watch['watch']>): Promise<AbortController> {
    const none = new AbortController();
    if (this.#isOver) return none;
    let state: 'asking' | 'open' | 'done' = 'asking';
    const ended = (error: unknown) => {
      // An open watch of which nothing is heard for 30 s is opened again: that says nothing of the API server.
      const isIdle = state === 'open' && (error as Error | null)?.name === 'TimeoutError';
      if (error && !isIdle) this.awaySinceMs ??= nowMs();
      state = 'done';
      done(error);
    };
    try {
      const controller = await super.watch(path, { ...query, allowWatchBookmarks: true }, callback, ended);
      if (this.#isOver) controller.abort();
      else if (state === 'asking') {
        state = 'open';
        this.awaySinceMs = null;
      }
      return controller;
    } catch (error) {
      // The credentials could not be had.
      ended(error);
      return none;
    }
  }
}
