import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clusterApi } from './cluster-api.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-kubeconfig-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A kubeconfig with one context, whose cluster has this address. */
async function kubeconfig(name: string, context: string, server: string): Promise<string> {
  const file = join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: { server } }],
    users: [{ name: 'user', user: { token: 'none' } }],
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
