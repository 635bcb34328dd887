/** The containers of a k3s: a server, which runs the control plane and no pods of a shop, and agents, each a node. */
import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { K3sContainer } from '@testcontainers/k3s';
import { GenericContainer } from 'testcontainers';
import type { K3sSettings } from '../../../model/cluster-settings.ts';
import type { Inventory } from '../../../model/target.ts';
import { clusterLabel, docker, zoneOfContainer } from './docker.ts';

/** Where the shop's service is reached on every node, and so on the server's, whose port is published. */
export const nodePort = 30_080;
const zones = ['z1', 'z2', 'z3'];
/** Of a machine that is busy with the other containers. */
const startTimeoutMs = 420_000;

/** The nodes that pods run on, before they are there: in three zones in turn, the later half of them spot nodes. */
export const nodesPlanned = ({ agents }: Pick<K3sSettings['k3s'], 'agents'>): Inventory['nodes'] =>
  Array.from({ length: agents }, (_, index) => ({
    name: `agent-${index + 1}`,
    zone: zones[index % zones.length] ?? '',
    capacity: index < Math.ceil(agents / 2) ? 'on-demand' : 'spot',
  }));

/** The container that is a node; `{node}` stands for any. */
export const containerOfNode = (cluster: string, node: string): string => `${cluster}-${node}`;

export interface ContainersWish {
  name: string;
  k3s: K3sSettings['k3s'];
  /** Images that every node gets, as archives. */
  archives: readonly string[];
  /** They outlive this process. */
  keep: boolean;
  signal: AbortSignal;
}

/**
 * Starts a server, then its agents, all at once. Unless they are to be kept, Testcontainers' reaper removes them when this process
 * dies. @returns where the API server and the shop's port are, as kubeconfig and URL
 */
export async function startContainers(wish: ContainersWish): Promise<{ kubeconfig: string; baseUrl: string }> {
  const { info } = await docker();
  const token = randomBytes(24).toString('hex');
  const taint = wish.k3s.agents > 0 ? ['--node-taint=node-role.kubernetes.io/control-plane=true:NoSchedule'] : [];
  const server = new K3sContainer(wish.k3s.image)
    .withName(wish.name)
    .withExposedPorts(nodePort)
    .withStartupTimeout(startTimeoutMs)
    .withCommand([
      'server',
      '--node-name=server',
      '--disable=traefik',
      '--disable=servicelb',
      `--tls-san=${info.containerRuntime.host}`,
      ...taint,
    ]);
  const started = await prepared(server, wish, token).start();
  wish.signal.throwIfAborted();
  // Every engine calls its usual network as it likes.
  const [network = 'bridge'] = started.getNetworkNames();
  const address = started.getIpAddress(network);
  await Promise.all(nodesPlanned(wish.k3s).map((node) => agentOf(node, wish, address, token).start()));
  return {
    kubeconfig: started.getKubeConfig(),
    baseUrl: `http://${started.getHost()}:${started.getMappedPort(nodePort)}`,
  };
}

function agentOf(
  { name, zone, capacity }: Inventory['nodes'][number],
  wish: ContainersWish,
  server: string,
  token: string,
): GenericContainer {
  const spot = capacity === 'spot' ? ['--node-label=karpenter.sh/capacity-type=spot'] : [];
  const agent = new GenericContainer(wish.k3s.image)
    .withName(containerOfNode(wish.name, name))
    .withPrivilegedMode()
    .withTmpFs({ '/run': 'rw', '/var/run': 'rw' })
    .withLabels({ [zoneOfContainer]: zone })
    .withCommand([
      'agent',
      `--server=https://${server}:6443`,
      `--node-name=${name}`,
      `--node-label=topology.kubernetes.io/zone=${zone}`,
      ...spot,
    ]);
  return prepared(agent, wish, token);
}

/** What server and agents have in common. */
function prepared<C extends GenericContainer>(
  container: C,
  { name, k3s, archives, keep }: ContainersWish,
  token: string,
): C {
  container
    .withLabels({ [clusterLabel]: name })
    .withEnvironment({ ...k3s.environment, K3S_TOKEN: token })
    .withAutoCleanup(!keep)
    .withCopyFilesToContainer(
      archives.map((source) => ({ source: resolve(source), target: imageFolder + basename(source) })),
    );
  return container;
}

/** k3s imports what is here when it starts. */
const imageFolder = '/var/lib/rancher/k3s/agent/images/';
