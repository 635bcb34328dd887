import { type KubernetesObject, ListWatch, Watch } from '@kubernetes/client-node';
import { sleepMs } from '../../runtime/clock.ts';
import { type ClusterApi, listAll } from './cluster-api.ts';

/** The API server is asked again this long after it went away. */
const againMs = 500;

/** Objects of a kind as the API server last told of them. */
export interface Watched<T> extends Disposable {
  /** Empty until the first list has come. */
  all(): readonly T[];
  /** Called with each change, as it arrives here. */
  onChange(listener: (object: T, change: 'seen' | 'gone') => void): void;
  /** Since when the API server has been away, epoch ms; null while it answers. */
  awaySinceMs(): number | null;
}

export interface WatchedKind {
  apiVersion: string;
  kind: string;
  /** As in the API's paths. */
  plural: string;
  namespace?: string;
  labels?: string;
}

const pathOf = ({ apiVersion, plural, namespace }: WatchedKind): string =>
  [
    apiVersion.includes('/') ? '/apis' : '/api',
    `/${apiVersion}`,
    namespace ? `/namespaces/${namespace}` : '',
    `/${plural}`,
  ].join('');

/**
 * Watches objects: a list, then what changes, from the list's version on; listed again when that version is too old (410). It goes
 * on when the API server comes back. Resolves once the first list is there. @throws what kept it from being listed
 */
export async function watched<T extends KubernetesObject>(api: ClusterApi, kind: WatchedKind): Promise<Watched<T>> {
  const { namespace, labels } = kind;
  const list = async () =>
    await listAll<T>(api, kind.apiVersion, kind.kind, { ...(namespace && { namespace }), ...(labels && { labels }) });
  const over = new AbortController();
  let awaySinceMs: number | null = null;
  const watch = new ListWatch<T>(pathOf(kind), new Watch(api.config), list, false, labels);
  const first = Promise.withResolvers<void>();
  watch.on('connect', () => {
    awaySinceMs = null;
  });
  watch.on('error', async (error) => {
    first.reject(error);
    awaySinceMs ??= Date.now();
    await sleepMs(againMs, over.signal).then(
      () => watch.start(),
      () => {},
    );
  });
  void watch.start().then(first.resolve, first.reject);
  await first.promise.catch((error: unknown) => {
    over.abort();
    void watch.stop();
    throw error;
  });
  return {
    all: () => watch.list(),
    onChange(listener) {
      watch.on('add', (object) => listener(object, 'seen'));
      watch.on('update', (object) => listener(object, 'seen'));
      watch.on('delete', (object) => listener(object, 'gone'));
    },
    awaySinceMs: () => awaySinceMs,
    [Symbol.dispose]() {
      over.abort();
      void watch.stop();
    },
  };
}
