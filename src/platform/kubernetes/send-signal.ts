import type { V1Pod } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import type { ClusterApi } from './cluster-api.ts';
import { execByAny } from './exec.ts';
import { servingContainer } from './objects.ts';

const means = (number: 0 | 15): string[][] => [
  ['kill', `-${number}`, '1'],
  ['sh', '-c', `kill -${number} 1`],
  ['node', '-e', `process.kill(1, ${number})`],
  ['python3', '-c', `import os; os.kill(1, ${number})`],
];

/**
 * Sends a signal to process 1 of the container that serves, from inside of it. SIGKILL never arrives there that way, and any other only
 * where the process handles it.
 * @throws where that cannot be done, with the reason
 */
export async function sendSignal(api: ClusterApi, { metadata, spec }: V1Pod, signal: 'SIGTERM' | 0): Promise<void> {
  const { name: pod = '', namespace = '' } = metadata ?? {};
  if (spec?.shareProcessNamespace || spec?.hostPID)
    throw cannotTell(`pod ${pod} shares its processes: its first one is not the shop's`);
  const { container } = servingContainer(spec?.containers);
  const failure = await execByAny(api, { namespace, pod, container: container.name }, means(signal === 0 ? 0 : 15));
  // No word: it ended with its container.
  if (typeof failure === 'string') throw cannotTell(`pod ${pod} refused the signal: ${failure}`);
}
