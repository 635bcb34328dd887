import { NetworkingV1Api } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import type { ClusterApi } from './cluster-api.ts';

const isDefault = 'ingressclass.kubernetes.io/is-default-class';

/** Why nobody would serve the shop's ingress, in words; nothing where shoppers come another way. */
export async function ingressClassLacks(
  { config }: ClusterApi,
  { reach, ingress }: ClusterSettings,
): Promise<string[]> {
  if (reach !== 'ingress') return [];
  const { items } = await config.makeApiClient(NetworkingV1Api).listIngressClass();
  const names = items.map(({ metadata }) => metadata?.name ?? '');
  const wanted = ingress?.className;
  const fits =
    wanted === undefined
      ? items.some(({ metadata }) => metadata?.annotations?.[isDefault] === 'true')
      : names.includes(wanted);
  if (fits) return [];
  const lacking = wanted === undefined ? 'no default ingress class' : `no ingress class ${wanted}`;
  const remedy =
    names.length === 0 ? 'install an ingress controller' : `name one of ${names.join(', ')} in the settings`;
  return [`there is ${lacking}: ${remedy}`];
}
