import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { json } from 'node:stream/consumers';
import { type ClusterApi, type ClusterPlace, clusterApi } from '../../src/platform/kubernetes/cluster-api.ts';
import { runHere } from './run-here.ts';

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

/**
 * An API server in this process, over HTTP: it holds objects by their paths, reads, lists, creates, deletes and patches them. What is to be
 * run in a container runs on this machine, where a test says so: what ends the first process of a container would end this machine.
 */
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

interface Rules {
  /** Whoever asks is told to have all rights; left out: none. Everything is answered all the same. */
  mayAll?: boolean;
  /** But for these, as `list pods`: whoever asks is told so, and who tries it is refused. */
  mayNot?: readonly string[];
  /** What whoever creates or applies something is told. */
  denial?: string;
}

/** What a SelfSubjectAccessReview asks. */
interface Review {
  resourceAttributes: { verb: string; resource: string };
}

export async function testKubeApi(
  objects: Record<string, Json>,
  { runsHere = false, context = 'test', ...rules }: Rules & { runsHere?: boolean; context?: string } = {},
): Promise<TestKubeApi> {
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
    return answerTo(held, request, rules).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const running = new Set<Duplex>();
  server.on('upgrade', (request, socket) => {
    running.add(socket);
    if (runsHere) runHere(request, socket);
    else socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-kube-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf((server.address() as AddressInfo).port, context)));
  const place = { kubeconfig, context };
  return {
    api: clusterApi(place),
    place: { ...place, clusterUid },
    objects: held,
    asked,
    logs,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      for (const socket of running) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

const kubeconfigOf = (port: number, context: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'test', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'test', user: {} }],
  contexts: [{ name: context, context: { cluster: 'test', user: 'test' } }],
});

async function answerTo(
  held: Map<string, Json>,
  request: IncomingMessage,
  { mayAll = false, mayNot = [], denial }: Rules,
): Promise<Answer> {
  const { pathname: asked, searchParams } = new URL(request.url ?? '', 'http://here');
  const pathname = asked.replace(/\/$/, '');
  const subresource = /^(.*\/pods\/[^/]+)\/ephemeralcontainers$/.exec(pathname)?.[1];
  if (subresource !== undefined) return await addContainers(held, subresource, request);
  const found = held.get(pathname);
  if (request.method === 'POST') {
    const object = (await json(request)) as Json & { metadata?: { name: string }; spec?: Partial<Review> };
    // A question, which no object is made of.
    if (!object.metadata) {
      const { verb, resource } = object.spec?.resourceAttributes ?? {};
      const allowed = mayAll && !mayNot.includes(`${verb} ${resource}`);
      return { status: 201, body: { ...object, status: { allowed } } };
    }
    if (denial !== undefined) return refusal(403, denial);
    const path = `${pathname}/${object.metadata.name}`;
    if (held.has(path)) return refusal(409, `${object.metadata.name} already exists`);
    if (!searchParams.has('dryRun')) held.set(path, object);
    return { status: 201, body: object };
  }
  if (request.headers['content-type']?.startsWith('application/apply-patch')) {
    const object = (await json(request)) as Json;
    if (denial !== undefined) return refusal(403, denial);
    held.set(pathname, object);
    return { status: 200, body: object };
  }
  if (request.method === 'GET' && isCollection(pathname) && mayNot.includes(`list ${pathname.split('/').at(-1)}`))
    return refusal(403, `${pathname.split('/').at(-1)} is forbidden: you cannot list it`);
  if (request.method === 'GET' && !found) return listOrGroup(held, pathname);
  if (request.method === 'DELETE' && isCollection(pathname)) {
    for (const path of held.keys()) if (path.startsWith(`${pathname}/`)) held.delete(path);
    return { status: 200, body: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
  }
  if (!found) return refusal(404, `${pathname} not found`);
  if (request.method === 'DELETE') deleteFrom(held, pathname, found);
  if (request.method !== 'PATCH') return { status: 200, body: found };
  const patched = patchedBy(found, (await json(request)) as Operation[]);
  if (!patched) return refusal(422, 'the server rejected our request due to an error in our request');
  held.set(pathname, patched);
  return { status: 200, body: patched };
}

/** One with finalizers stays until these are gone. */
function deleteFrom(held: Map<string, Json>, pathname: string, object: Json): void {
  const metadata = object.metadata as { finalizers?: string[]; deletionTimestamp?: string };
  if (metadata.finalizers?.length) metadata.deletionTimestamp = new Date().toISOString();
  else held.delete(pathname);
}

/** What Pod Security lets into a namespace that is restricted: nothing that may change a network. */
async function addContainers(held: Map<string, Json>, pod: string, request: IncomingMessage): Promise<Answer> {
  const found = held.get(pod) as Json & { spec: Json };
  const namespace = held.get(pod.split('/').slice(0, 5).join('/')) as { metadata: { labels?: Json } } | undefined;
  const { spec } = (await json(request)) as { spec: Json };
  if (namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce'] === 'restricted')
    return refusal(403, 'violates PodSecurity "restricted:latest": unrestricted capabilities');
  if (!request.url?.includes('dryRun=All')) held.set(pod, { ...found, spec: { ...found.spec, ...spec } });
  return { status: 200, body: found };
}

const refusal = (code: number, message: string): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code },
});

/** What a group holds, by which the client knows the paths of its kinds; or the objects below a path. */
function listOrGroup(held: Map<string, Json>, pathname: string): Answer {
  if (pathname === '/apis') return { status: 200, body: { kind: 'APIGroupList', groups: groupsOf(held) } };
  const resources = Object.entries(kinds)
    .filter(([, group]) => group === pathname)
    .map(([kind]) => ({
      kind,
      name: `${kind.toLowerCase()}s`.replace('policys', 'policies'),
      namespaced: kind !== 'Node',
    }));
  if (resources.length > 0) return { status: 200, body: { kind: 'APIResourceList', resources } };
  if (!isCollection(pathname) || isNotInstalled(held, pathname)) return refusal(404, `${pathname} not found`);
  const isIn = (path: string) => path.startsWith(`${pathname}/`) || inAll(path).startsWith(`${pathname}/`);
  const items = [...held].filter(([path]) => isIn(path)).map(([, object]) => object);
  return { status: 200, body: { kind: 'List', apiVersion: 'v1', metadata: {}, items } };
}

/** Kinds that are no part of Kubernetes are there with an object of their group. */
function isNotInstalled(held: Map<string, Json>, pathname: string): boolean {
  const group = /^\/apis\/([^/]+\.io)\//.exec(pathname)?.[1];
  return (
    group !== undefined &&
    !group.endsWith('.k8s.io') &&
    ![...held.keys()].some((path) => path.startsWith(`/apis/${group}/`))
  );
}

/** Below a version, names of kinds and of objects take turns. */
const isCollection = (pathname: string): boolean =>
  pathname.replace(/^\/(api|apis\/[^/]+)\/[^/]+\//, '').split('/').length % 2 === 1;

/** The path of an object without its namespace, as lists of all namespaces have it. */
const inAll = (path: string): string => path.replace(/(\/v\w+)\/namespaces\/[^/]+(?=\/)/, '$1');

/** The groups of the objects that are held. */
const groupsOf = (held: Map<string, Json>): object[] =>
  [...held.keys()]
    .map((path) => path.split('/'))
    .filter(([, root]) => root === 'apis')
    .map(([, , name, version]) => ({ name, versions: [{ groupVersion: `${name}/${version}`, version }] }));

const kinds: Record<string, string> = {
  Deployment: '/apis/apps/v1',
  StatefulSet: '/apis/apps/v1',
  DaemonSet: '/apis/apps/v1',
  Service: '/api/v1',
  Pod: '/api/v1',
  Node: '/api/v1',
  Event: '/api/v1',
  ConfigMap: '/api/v1',
  Secret: '/api/v1',
  HorizontalPodAutoscaler: '/apis/autoscaling/v2',
  PodDisruptionBudget: '/apis/policy/v1',
  Job: '/apis/batch/v1',
  NetworkPolicy: '/apis/networking.k8s.io/v1',
  Cluster: '/apis/postgresql.cnpg.io/v1',
};

/** As RFC 6902 has it, without arrays that grow or shrink; undefined where a test fails. */
function patchedBy(object: Json, operations: readonly Operation[]): Json | undefined {
  const patched = structuredClone(object);
  for (const { op, path, value } of operations) {
    const keys = path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/'));
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
