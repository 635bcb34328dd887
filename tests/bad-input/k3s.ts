import { join } from 'node:path';
import { rootFolder } from '../../src/runtime/processes.ts';
import { all, type Row } from './row.ts';

const drill = (cluster: string): string[] => [
  ...['run', 'node-loss', '--target', 'kubernetes', '--cluster', cluster],
  ...['--scale', '1:60', '--reports', 'reports'],
];
const noDocker = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
const settings = (text: string) => ({ 'k3s.cluster.ts': `export default ${text};` });

const onCluster = (what: string, args: string[], says: RegExp, env: Record<string, string> = {}): Row => ({
  what,
  program: join(rootFolder, 'src', 'cli', 'platform.ts'),
  args: ['--target', 'kubernetes', ...args],
  says,
  env,
});

/** A cluster that tenfold would start itself, and the platform on a cluster. */
export const k3s: Row[] = [
  {
    what: 'a k3s without Docker',
    args: drill('k3s'),
    env: noDocker,
    says: /Docker does not answer[\s\S]*what to do: nothing was started; docs\/KUBERNETES\.md/,
  },
  {
    what: 'a k3s whose files are missing, without Docker',
    args: drill('k3s.cluster.ts'),
    files: settings("{ k3s: { archives: ['a.tar'], manifests: ['b.yaml'] } }"),
    env: noDocker,
    says: all(/there is no archive a\.tar/, /there is no manifest b\.yaml/, /Docker does not answer/, /what to do: /),
  },
  {
    what: 'settings of a k3s with several mistakes',
    args: drill('k3s.cluster.ts'),
    files: settings("{ k3s: { agents: 2, imag: 'x' }, context: 'y' }"),
    says: all(/k3s\.cluster\.ts cannot be used/, /k3s\.agents/, /imag/, /context/, /what to do: docs\/KUBERNETES\.md/),
  },
  onCluster(
    'a platform on a k3s without Docker',
    ['up', '--cluster', 'k3s'],
    /Docker does not answer[\s\S]*what to do: nothing was started/,
    noDocker,
  ),
  onCluster(
    'a platform on a cluster that no file names',
    ['up', '--cluster', 'none.ts'],
    /there is no none\.ts[\s\S]*what to do: /,
  ),
  onCluster(
    'a platform on a cluster without a protection that it has not',
    ['up', '--cluster', 'k3s', '--without', 'luck'],
    /the shop has no protection luck[\s\S]*what to do: it has /,
  ),
  onCluster(
    'an option that the platform on a cluster does not know',
    ['up', '--dri'],
    /unknown option '--dri'[\s\S]*--help/,
  ),
  {
    what: 'a target that has no platform',
    program: join(rootFolder, 'src', 'cli', 'platform.ts'),
    args: ['up', '--target', 'moon'],
    says: /there is no platform moon[\s\S]*what to do: it is local, the pocket region, or kubernetes/,
  },
];
