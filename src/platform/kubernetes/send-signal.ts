import type { V1Pod } from '@kubernetes/client-node';
import type { ClusterApi } from './cluster-api.ts';
import { execIn } from './exec.ts';
import { servingContainer } from './objects.ts';

/** What an image may have to send a signal by; many have no shell, and some nothing but their own program. */
const means = (signal: 'SIGTERM' | 0): string[][] => {
  const number = signal === 0 ? '0' : '15';
  return [
    ['kill', `-${number}`, '1'],
    ['sh', '-c', `kill -${number} 1`],
    ['node', '-e', `process.kill(1, ${number})`],
    ['python3', '-c', `import os; os.kill(1, ${number})`],
  ];
};

const isMissing = (words: string): boolean => /not found|no such file/i.test(words);

/**
 * Sends a signal to process 1 of the container that serves, from inside of it. SIGKILL never arrives there that way, and any other only
 * where the process handles it.
 * @throws where that cannot be done, with the reason
 */
export async function sendSignal(api: ClusterApi, { metadata, spec }: V1Pod, signal: 'SIGTERM' | 0): Promise<void> {
  const { name: pod = '', namespace = '' } = metadata ?? {};
  if (spec?.shareProcessNamespace || spec?.hostPID)
    throw new Error(`pod ${pod} shares its processes: its first one is not the shop's`);
  const { container } = servingContainer(spec?.containers);
  for (const argv of means(signal)) {
    const failure = await execIn(api, { namespace, pod, container: container.name }, argv);
    if (failure === null) return;
    if (!isMissing(failure)) throw new Error(`pod ${pod} refused the signal: ${failure}`);
  }
  const tried = means(signal).map(([program]) => program);
  throw new Error(
    `the image of container ${container.name} has nothing to send a signal by: no ${tried.join(', no ')}`,
  );
}
