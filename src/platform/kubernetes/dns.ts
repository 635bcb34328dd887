import type { V1Deployment, V1Pod, V1Service } from '@kubernetes/client-node';
import type { Change } from '../../model/facets.ts';
import type { Inventory } from '../../model/target.ts';
import { type ClusterApi, type ClusterPlace, listAll } from './cluster-api.ts';
import { toZero } from './to-zero.ts';
import { type Watched, watched } from './watched.ts';
import { hasLabels, noneReady } from './workload.ts';

const namespace = 'kube-system';
/** Of CoreDNS's service too, in all distributions. */
const labels = 'k8s-app=kube-dns';

/** The deployment that answers the cluster's names. */
interface Dns {
  name: string;
  uid: string;
  replicas: number;
  selector: Record<string, string>;
}

/**
 * Scales what answers the cluster's names to zero; in words, why that cannot be done.
 * @param whyUnanswered why a pod gets no answer to a name, in words; undefined where it does. Names are back once it does
 */
export async function dnsToZero(
  api: ClusterApi,
  place: ClusterPlace,
  whyUnanswered: () => Promise<string | undefined>,
): Promise<Change | string> {
  const found = await findDns(api);
  if (typeof found === 'string') return found;
  const { name, uid, replicas, selector } = found;
  const before = await whyUnanswered().catch(
    (error: Error) => `whether names are answered cannot be shown: ${error.message}`,
  );
  if (before !== undefined) return before;
  const change = toZero(api, place, { kind: 'Deployment', namespace, name, uid }, replicas);
  return {
    ...seenByPods(api, change, (pods) => noneReady(pods, name, selector)),
    mended: async () => (await change.mended()) ?? (await whyUnanswered()),
  };
}

/** What the inventory tells of it; nothing where that may not be asked. */
export async function dnsKept(api: ClusterApi): Promise<Pick<Inventory, 'dnsKept'>> {
  const found = await findDns(api).catch(() => undefined);
  return typeof found === 'string' ? { dnsKept: found } : {};
}

async function findDns(api: ClusterApi): Promise<Dns | string> {
  const services = await listAll<V1Service>(api, 'v1', 'Service', { namespace, labels });
  const selector = services.items.find(({ spec }) => spec?.selector)?.spec?.selector;
  if (!selector)
    return 'no service kube-dns in kube-system has pods, so names are answered by something that is no pod';
  const { items } = await listAll<V1Deployment>(api, 'apps/v1', 'Deployment', { namespace });
  const found = items.find(({ spec }) => hasLabels(spec?.template.metadata?.labels, selector));
  const { name, uid } = found?.metadata ?? {};
  const replicas = found?.spec?.replicas ?? 1;
  if (!name || !uid) return 'no deployment in kube-system runs the pods of the service kube-dns';
  if (replicas === 0) return `${name} has no pods already`;
  const autoscaler = items.find((one) => one !== found && /dns.*autoscaler/.test(one.metadata?.name ?? ''));
  if (autoscaler) return `${autoscaler.metadata?.name} would scale ${name} up again within seconds`;
  return { name, uid, replicas, selector };
}

/** With evidence by the pods of kube-system, which are watched from the change on until it is taken back. */
function seenByPods(
  api: ClusterApi,
  change: Omit<Change, 'evidence'>,
  evidenceOf: (pods: readonly V1Pod[]) => string | undefined,
): Omit<Change, 'mended'> {
  const over = new DisposableStack();
  let watch: Watched<V1Pod> | undefined;
  return {
    undo: change.undo,
    async make() {
      watch = over.use(watched<V1Pod>(api, { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespace }));
      await watch.listed;
      await change.make();
    },
    async takeBack(tell) {
      over.dispose();
      await change.takeBack(tell);
    },
    evidence: () => watch && evidenceOf(watch.all()),
  };
}
