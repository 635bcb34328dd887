import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Row } from './row.ts';

const settings = "export default { kubeconfig: 'kubeconfig', context: 'staging', images: { storefront: 'shop:7' } };";
/** @param server left out: nothing listens there */
const kubeconfig = (user: object, server = 'https://127.0.0.1:2') =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'staging', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'ann', user }],
    contexts: [{ name: 'staging', context: { cluster: 'staging', user: 'ann' } }],
  });

const onCluster = (what: string, says: RegExp, files: Record<string, string>, command = 'run'): Row => ({
  what,
  args: [
    ...[command, 'node-loss', '--target', 'kubernetes', '--cluster', 'staging.ts', '--scale', '1:60'],
    ...(command === 'run' ? ['--reports', 'reports'] : []),
  ],
  files: { 'staging.ts': settings, ...files },
  says,
});

/** An API server that takes every question, and never answers. It is there as long as this process. */
async function nameSilentServer(folder: string): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => {}).unref()).unref();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await writeFile(join(folder, 'kubeconfig'), kubeconfig({ token: 'none' }, `http://127.0.0.1:${port}`));
}

/** A cluster that is somebody's own. */
export const clusters: Row[] = [
  onCluster(
    'a cluster that cannot be reached',
    /the API server of staging cannot be asked: .*ECONNREFUSED[\s\S]*what to do: kubectl --context staging version/,
    { kubeconfig: kubeconfig({ token: 'none' }) },
  ),
  onCluster(
    'a cluster that cannot be reached, for a plan',
    /the API server of staging cannot be asked: .*ECONNREFUSED[\s\S]*what to do: /,
    { kubeconfig: kubeconfig({ token: 'none' }) },
    'plan',
  ),
  {
    ...onCluster(
      'a cluster that takes questions and never answers',
      /the API server of staging cannot be asked: no answer of the API server within 15 s\n *what to do: kubectl --context staging version/,
      {},
    ),
    prepare: nameSilentServer,
  },
  onCluster(
    'a kubeconfig that logs in by a program that is not there',
    /logs in to staging by the program no-such-login, which is not on the PATH[\s\S]*what to do: install no-such-login/,
    {
      kubeconfig: kubeconfig({
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-login', interactiveMode: 'Never' },
      }),
    },
  ),
  onCluster(
    'a kubeconfig without the context',
    /the kubeconfig \S+kubeconfig has no context staging[\s\S]*what to do: it has none/,
    { kubeconfig: JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], users: [], contexts: [] }) },
  ),
  onCluster(
    'a kubeconfig that is none',
    /the kubeconfig \S+kubeconfig cannot be read: [\s\S]*what to do: name another/,
    {
      kubeconfig: '{',
    },
  ),
  onCluster('a kubeconfig that is not there', /the kubeconfig \S+kubeconfig cannot be read: [\s\S]*what to do: /, {}),
];
