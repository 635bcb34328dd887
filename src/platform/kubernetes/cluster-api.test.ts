import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startJsonServer } from '../../../tests/support/json-server.ts';
import { testKubeApi } from '../../../tests/support/test-kube-api.ts';
import { exitCodeOf } from '../../drill/exit-code-of.ts';
import { systemError } from '../../model/errors.ts';
import { exitCodes } from '../../model/exit-codes.ts';
import { apply, clusterApi, listAll, placeOf, problemsIn, refusalHint, sameCluster } from './cluster-api.ts';
import { isGoing } from './namespace.ts';
import { outOfService } from './out-of-service.ts';
import { deleteNamespace } from './tear-down.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-kubeconfig-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A kubeconfig with one context, whose cluster has this address. */
async function kubeconfig(
  name: string,
  context: string,
  server: string,
  user: object = { token: 'none' },
): Promise<string> {
  const file = join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'user', user }],
    contexts: [{ name: context, context: { cluster: 'cluster', user: 'user' } }],
    'current-context': context,
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

test('a context is the one that is named, and never the current one', async () => {
  const file = await kubeconfig('config', 'staging', 'https://a.example');
  expect(clusterApi({ kubeconfig: file, context: 'staging' }).config.getCurrentCluster()?.server).toBe(
    'https://a.example',
  );
  expect(() => clusterApi({ kubeconfig: file, context: 'prod' })).toThrow(/has no context prod/);
});

test('of several kubeconfigs what comes first counts, and one that is not there is passed over', async () => {
  const files = [
    join(folder, 'missing'),
    await kubeconfig('one', 'staging', 'https://a.example'),
    await kubeconfig('two', 'other', 'https://b.example'),
  ];
  vi.stubEnv('KUBECONFIG', files.join(delimiter));
  const api = clusterApi({ context: 'other' });
  expect(api.config.getCurrentCluster()?.server).toBe('https://a.example');
  expect(api.kubeconfig).toBe(files.join(delimiter));
  expect(clusterApi({ kubeconfig: api.kubeconfig, context: 'staging' }).context).toBe('staging');
});

test.each([
  ['is not there', () => join(folder, 'missing')],
  [
    'is none',
    async () => {
      const file = join(folder, 'config');
      await writeFile(file, '{');
      return file;
    },
  ],
])('a kubeconfig that %s is told by its name', async (_, make) => {
  const kubeconfig = await make();
  expect(() => clusterApi({ kubeconfig, context: 'a' })).toThrow(kubeconfig);
});

/** What is wrong with a cluster, as somebody who asks for its nodes finds it. */
async function problemsAt(server: string, user?: object): Promise<string[]> {
  const api = clusterApi({ kubeconfig: await kubeconfig('config', 'staging', server, user), context: 'staging' });
  return await problemsIn(api, new AbortController().signal, async () => {
    await api.core.listNode();
    return [];
  });
}

test('a cluster that cannot be reached is told by its context', async () => {
  expect(await problemsAt('http://127.0.0.1:2')).toEqual([
    expect.stringMatching(/^the API server of staging cannot be asked: .*ECONNREFUSED/),
  ]);
});

test('credentials that have expired are told as what they are', async () => {
  const server = createServer((_, response) => {
    const body = { kind: 'Status', status: 'Failure', message: 'Unauthorized', code: 401 };
    response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    expect(await problemsAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).toEqual([
      'the API server of staging refuses the credentials of the kubeconfig, which may have expired',
    ]);
  } finally {
    server.close();
  }
});

test('a program to log in by that is not there is told by its name', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-login', interactiveMode: 'Never' };
  expect(await problemsAt('http://127.0.0.1:2', { exec })).toEqual([
    'the kubeconfig logs in to staging by the program no-such-login, which is not on the PATH',
  ]);
});

test('where a context leads to another cluster by now, nothing is undone there', async () => {
  await using kube = await testKubeApi({});
  expect((await sameCluster(kube.place)).context).toBe('test');
  await expect(sameCluster({ ...kube.place, clusterUid: 'uid-of-another' })).rejects.toThrow(
    'the context test leads to another cluster now: nothing was undone',
  );
});

test('what a webhook refuses is told by its own words, and what to do', async () => {
  const denial = 'admission webhook "images.example" denied the request: no image of this registry';
  await using kube = await testKubeApi({}, { denial });
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'schedule', namespace: 'shop' } };
  await expect(apply(kube.api, object)).rejects.toMatchObject({
    message: `ConfigMap schedule was refused: ${denial} (HTTP 403)`,
    hint: refusalHint,
    exitCode: exitCodes.invalid,
  });
});

test.each([429, 503])('an API server that answers %i, for it is asked too much, refuses nothing', async (status) => {
  const resources = [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }];
  await using server = await startJsonServer(({ method }) =>
    method === 'GET'
      ? { status: 200, body: JSON.stringify({ kind: 'APIResourceList', resources }) }
      : { status, body: JSON.stringify({ kind: 'Status', message: 'too many requests', code: status }) },
  );
  const api = clusterApi({ kubeconfig: await kubeconfig('config', 'staging', server.url), context: 'staging' });
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'schedule', namespace: 'shop' } };
  await expect(apply(api, object)).rejects.toMatchObject({
    message: `ConfigMap schedule was refused: too many requests (HTTP ${status})`,
    hint: expect.stringContaining('try again'),
    exitCode: exitCodes.inconclusive,
  });
});

test('an API server that is lost in mid-drill is no bug of tenfold', async () => {
  const kube = await testKubeApi({});
  await kube[Symbol.asyncDispose]();
  const { api, place } = kube;
  const asked = [
    placeOf(api),
    listAll(api, 'v1', 'Node'),
    isGoing(api, 'shop'),
    outOfService(api, place, 'node-1', 'run-1').make(),
    deleteNamespace(api, { namespace: 'tenfold-run-1', runId: 'run-1' }),
  ];
  for (const asking of asked) {
    const error = (await asking.catch((error: unknown) => error)) as Error;
    expect(systemError(error)?.message).toMatch(/^the platform does not answer: .*ECONNREFUSED/);
    expect(exitCodeOf({ outcome: 'inconclusive' }, error, false)).toBe(exitCodes.inconclusive);
  }
});

test('an API server that takes a question and does not answer it, or not wholly, is told in time', async () => {
  const stalling = createServer((request, response) => {
    if (request.url?.includes('/nodes')) response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  });
  await new Promise<void>((resolve) => stalling.listen(0, '127.0.0.1', resolve));
  const server = `http://127.0.0.1:${(stalling.address() as AddressInfo).port}`;
  const { core } = clusterApi({ kubeconfig: await kubeconfig('config', 'staging', server), context: 'staging' });
  const startMs = Date.now();
  for (const error of await Promise.all([core.listNode(), core.listNamespace()].map((asked) => asked.catch((e) => e))))
    expect(error).toMatchObject({
      message: 'no answer of the API server within 15 s',
      exitCode: exitCodes.inconclusive,
      hint: expect.stringContaining('see whether it is up'),
    });
  expect(Date.now() - startMs).toBeLessThan(20_000);
  stalling.closeAllConnections();
  stalling.close();
});
