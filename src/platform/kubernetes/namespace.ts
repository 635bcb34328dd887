import { ApiException } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import { apiWords, type ClusterApi, isNotFound } from './cluster-api.ts';
import { runLabel } from './manifests.ts';

/** Says what Pod Security lets into a namespace. */
export const podSecurityLabel = 'pod-security.kubernetes.io/enforce';

/** A run's namespace, in which Pod Security is restricted unless told otherwise. @throws where there is one of that name already, whosever it is */
export async function createNamespace(
  { core }: ClusterApi,
  {
    namespace,
    runId,
    podSecurity = 'restricted',
  }: { namespace: string; runId: string; podSecurity?: 'restricted' | 'privileged' },
): Promise<void> {
  const labels = { [runLabel]: runId, [podSecurityLabel]: podSecurity };
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } }).catch((error: unknown) => {
    if (error instanceof ApiException && error.code === 409)
      throw cannotTell(`there is a namespace ${namespace} already: it is left as it is`);
    throw new Error(`namespace ${namespace} was refused: ${apiWords(error)}`, { cause: error });
  });
}

/** Whether a namespace is gone, or on its way. */
export async function isGoing({ core }: ClusterApi, name: string): Promise<boolean> {
  try {
    return (await core.readNamespace({ name })).metadata?.deletionTimestamp !== undefined;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw new Error(`namespace ${name} cannot be read: ${apiWords(error)}`, { cause: error });
  }
}
