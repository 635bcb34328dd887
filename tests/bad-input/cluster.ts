import type { Row } from './row.ts';

const settings = "export default { kubeconfig: 'kubeconfig', context: 'staging', images: { storefront: 'shop:7' } };";
const kubeconfig = (user: object) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    // Nothing listens there.
    clusters: [{ name: 'staging', cluster: { server: 'https://127.0.0.1:2' } }],
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
