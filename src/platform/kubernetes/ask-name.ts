import type { V1Pod } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import type { ClusterApi } from './cluster-api.ts';
import { execByAny } from './exec.ts';
import { podIsReady, servingContainer } from './objects.ts';
import { isOfWorkload, type Workload } from './workload.ts';

/** Every cluster has it. */
const name = 'kubernetes.default.svc';

/**
 * Why a pod of the shop gets no answer to a name of the cluster, in words; undefined where it does. A cache on its node may have answered.
 * @throws TenfoldError where no pod is ready, or its image has nothing to ask by
 */
export async function whyUnanswered(
  api: ClusterApi,
  workload: Workload,
  pods: readonly V1Pod[],
): Promise<string | undefined> {
  const { metadata, spec } = pods.find((pod) => isOfWorkload(workload, pod) && podIsReady(pod)) ?? {};
  if (!metadata?.name) throw cannotTell('no pod of the shop is ready that could ask for a name');
  const place = {
    namespace: workload.namespace,
    pod: metadata.name,
    container: servingContainer(spec?.containers).container.name,
  };
  const failure = await execByAny(api, place, [
    ['getent', 'hosts', name],
    ['node', '-e', `require('dns').lookup('${name}', (error) => process.exit(error ? 1 : 0))`],
    ['python3', '-c', `import socket; socket.getaddrinfo('${name}', 443)`],
    ['nslookup', name],
  ]);
  return failure === null ? undefined : `pod ${place.pod} gets no answer for ${name}`;
}
