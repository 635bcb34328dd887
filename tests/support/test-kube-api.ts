import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { type ClusterApi, type ClusterPlace, clusterApi } from '../../src/platform/kubernetes/cluster-api.ts';

type Json = Record<string, unknown>;
interface Operation {
  op: 'test' | 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}
interface Answer {
  status: number;
  body: object;
}

/** An API server in this process, over HTTP: it holds objects by their paths, reads, lists, creates, deletes and patches them. */
export interface TestKubeApi extends AsyncDisposable {
  api: ClusterApi;
  place: ClusterPlace;
  /** By path, such as /apis/apps/v1/namespaces/shop/deployments/web. */
  objects: Map<string, Json>;
  /** What was asked, as `PATCH /apis/…`. */
  asked: string[];
  /** What pods have written, by their paths. */
  logs: Map<string, string>;
}

export async function testKubeApi(objects: Record<string, Json>): Promise<TestKubeApi> {
  const clusterUid = 'uid-of-the-cluster';
  const held = new Map<string, Json>(Object.entries(structuredClone(objects)));
  held.set('/api/v1/namespaces/kube-system', { metadata: { name: 'kube-system', uid: clusterUid } });
  const asked: string[] = [];
  const logs = new Map<string, string>();
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    // A watch hears nothing more.
    if (request.url?.includes('watch=true'))
      return response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const [, ofPod] = /^(.*)\/log\?/.exec(request.url ?? '') ?? [];
    if (ofPod !== undefined) return response.end(logs.get(ofPod));
    return answerTo(held, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-kube-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf((server.address() as AddressInfo).port)));
  const place = { kubeconfig, context: 'test' };
  return {
    api: clusterApi(place),
    place: { ...place, clusterUid },
    objects: held,
    asked,
    logs,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

const kubeconfigOf = (port: number) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'test', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'test', user: {} }],
  contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
});

async function answerTo(held: Map<string, Json>, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '', 'http://here');
  const found = held.get(pathname);
  if (request.method === 'POST') {
    const object = (await json(request)) as Json & { metadata: { name: string } };
    held.set(`${pathname}/${object.metadata.name}`, object);
    return { status: 201, body: object };
  }
  if (request.headers['content-type']?.startsWith('application/apply-patch')) {
    const object = (await json(request)) as Json;
    held.set(pathname, object);
    return { status: 200, body: object };
  }
  if (request.method === 'GET' && !found) return listOrGroup(held, pathname);
  if (request.method === 'DELETE' && isCollection(pathname)) {
    for (const path of held.keys()) if (path.startsWith(`${pathname}/`)) held.delete(path);
    return { status: 200, body: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
  }
  if (!found) return refusal(404, `${pathname} not found`);
  if (request.method === 'DELETE') held.delete(pathname);
  if (request.method !== 'PATCH') return { status: 200, body: found };
  const patched = patchedBy(found, (await json(request)) as Operation[]);
  if (!patched) return refusal(422, 'the server rejected our request due to an error in our request');
  held.set(pathname, patched);
  return { status: 200, body: patched };
}

const refusal = (code: number, message: string): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code },
});

/** What a group holds, by which the client knows the paths of its kinds; or the objects below a path. */
function listOrGroup(held: Map<string, Json>, pathname: string): Answer {
  const resources = Object.entries(kinds)
    .filter(([, group]) => group === pathname)
    .map(([kind]) => ({
      kind,
      name: `${kind.toLowerCase()}s`.replace('policys', 'policies'),
      namespaced: kind !== 'Node',
    }));
  if (resources.length > 0) return { status: 200, body: { kind: 'APIResourceList', resources } };
  if (!isCollection(pathname)) return refusal(404, `${pathname} not found`);
  const items = [...held].filter(([path]) => path.startsWith(`${pathname}/`)).map(([, object]) => object);
  return { status: 200, body: { kind: 'List', apiVersion: 'v1', metadata: {}, items } };
}

const pluralOf = (kind: string): string => `${kind.toLowerCase()}s`.replace('policys', 'policies');
const isCollection = (pathname: string): boolean =>
  Object.keys(kinds).some((kind) => pathname.endsWith(`/${pluralOf(kind)}`));

const kinds: Record<string, string> = {
  Deployment: '/apis/apps/v1',
  StatefulSet: '/apis/apps/v1',
  Service: '/api/v1',
  Pod: '/api/v1',
  Node: '/api/v1',
  Event: '/api/v1',
  ConfigMap: '/api/v1',
  Secret: '/api/v1',
  Job: '/apis/batch/v1',
  NetworkPolicy: '/apis/networking.k8s.io/v1',
};

/** As RFC 6902 has it, without arrays that grow or shrink; undefined where a test fails. */
function patchedBy(object: Json, operations: readonly Operation[]): Json | undefined {
  const patched = structuredClone(object);
  for (const { op, path, value } of operations) {
    const keys = path.slice(1).split('/');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Json>((at, key) => at[key] as Json, patched);
    if (op === 'test' && sorted(parent[last]) !== sorted(value)) return undefined;
    if (op === 'remove') delete parent[last];
    if (op === 'add' || op === 'replace') parent[last] = value;
  }
  return patched;
}

/** The same text for the same value, in whatever order its fields are. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => a.localeCompare(b)))
      : inner,
  ) ?? '';
