import { ApiException } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import { apiWords, type ClusterApi } from './cluster-api.ts';
import { runLabel } from './manifests.ts';

/** A run's namespace, in which Pod Security is restricted. @throws where there is one of that name already, whosever it is */
export async function createNamespace(
  { core }: ClusterApi,
  { namespace, runId }: { namespace: string; runId: string },
): Promise<void> {
  const labels = { [runLabel]: runId, 'pod-security.kubernetes.io/enforce': 'restricted' };
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } }).catch((error: unknown) => {
    if (error instanceof ApiException && error.code === 409)
      throw cannotTell(`there is a namespace ${namespace} already: it is left as it is`);
    throw new Error(`namespace ${namespace} was refused: ${apiWords(error)}`, { cause: error });
  });
}
