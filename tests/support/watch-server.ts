import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
} from '@kubernetes/client-node';
import type { ClusterApi } from '../../src/platform/kubernetes/cluster-api.ts';

/** Which kinds there are: the client asks before it lists. */
const resources: Record<string, Record<string, string>> = {
  '/api/v1': { nodes: 'Node', pods: 'Pod', events: 'Event' },
  '/apis/apps/v1': { deployments: 'Deployment' },
  '/apis/autoscaling/v2': { horizontalpodautoscalers: 'HorizontalPodAutoscaler' },
  '/apis/policy/v1': { poddisruptionbudgets: 'PodDisruptionBudget' },
  '/apis/discovery.k8s.io/v1': { endpointslices: 'EndpointSlice' },
  '/apis/coordination.k8s.io/v1': { leases: 'Lease' },
  '/apis/postgresql.cnpg.io/v1': { clusters: 'Cluster' },
};
const resourcesOf = (path: string) =>
  Object.entries(resources[path] ?? {}).map(([name, kind]) => ({ name, kind, namespaced: kind !== 'Node', verbs: [] }));

interface Kept {
  path: string;
  object: KubernetesObject;
}

/**
 * What an API server does for whoever lists and watches: objects, versions, bookmarks, 410, and being away.
 * @param refuses whether a question is answered by an error of the server's
 */
export async function startWatchServer(refuses: (path: string) => boolean = () => false) {
  let version = 1;
  let oldest = 0;
  const kept = new Map<string, Kept>();
  const history: { path: string; version: number; type: string; object: KubernetesObject }[] = [];
  const watchers = new Set<{ path: string; response: ServerResponse }>();
  const asked: URL[] = [];

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://server');
    asked.push(url);
    const { pathname: path, searchParams } = url;
    const answer = (body: object) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (refuses(path)) {
      response.writeHead(503).end();
      return;
    }
    if (path === '/apis') {
      answer({ kind: 'APIGroupList', groups: [] });
      return;
    }
    if (path in resources) {
      answer({ kind: 'APIResourceList', groupVersion: 'any', resources: resourcesOf(path) });
      return;
    }
    if (searchParams.get('watch') !== 'true') {
      const items = [...kept.values()].filter((one) => one.path === path).map(({ object }) => object);
      answer({ kind: 'List', metadata: { resourceVersion: String(version) }, items });
      return;
    }
    const from = Number(searchParams.get('resourceVersion'));
    response.setHeader('content-type', 'application/json');
    response.flushHeaders();
    if (from < oldest) {
      say(response, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired' });
      response.end();
      return;
    }
    for (const past of history) if (past.path === path && past.version > from) say(response, past.type, past.object);
    const watcher = { path, response };
    watchers.add(watcher);
    response.on('close', () => watchers.delete(watcher));
  });
  const say = (response: ServerResponse, type: string, object: object) =>
    response.write(`${JSON.stringify({ type, object })}\n`);
  const change = (path: string, type: string, object: KubernetesObject) => {
    version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(version) };
    const changed = { ...object, metadata };
    history.push({ path, version, type, object: changed });
    for (const watcher of watchers) if (watcher.path === path) say(watcher.response, type, changed);
    return changed;
  };
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const config = new KubeConfig();
  const cluster = { name: 'c', server: `http://127.0.0.1:${port}`, skipTLSVerify: true };
  config.loadFromClusterAndUser(cluster, { name: 'u' });
  const api: ClusterApi = {
    config,
    context: 'c',
    kubeconfig: '',
    objects: KubernetesObjectApi.makeApiClient(config),
    core: config.makeApiClient(CoreV1Api),
    custom: config.makeApiClient(CustomObjectsApi),
    scaledDown: new Set(),
  };
  return {
    api,
    /** Every request. */
    asked,
    /** The watches that are open. */
    watching: () => watchers.size,
    /** Adds an object, or changes it. */
    put(path: string, object: KubernetesObject) {
      const key = `${path}/${object.metadata?.name}`;
      const type = kept.has(key) ? 'MODIFIED' : 'ADDED';
      kept.set(key, { path, object: change(path, type, object) });
    },
    remove(path: string, name: string) {
      const found = kept.get(`${path}/${name}`);
      kept.delete(`${path}/${name}`);
      if (found) change(path, 'DELETED', found.object);
    },
    /** Tells all watchers the newest version. */
    bookmark() {
      version += 1;
      for (const { response } of watchers)
        say(response, 'BOOKMARK', { kind: 'Any', metadata: { resourceVersion: String(version) } });
      return String(version);
    },
    /** Forgets what has been, so that older versions are too old. */
    compact() {
      version += 1;
      oldest = version;
      history.length = 0;
    },
    /** Ends all watches, as an API server does now and then. */
    endWatches() {
      for (const { response } of watchers) response.end();
    },
    away: close,
    back: () => listen(port),
    [Symbol.asyncDispose]: close,
  };
}
