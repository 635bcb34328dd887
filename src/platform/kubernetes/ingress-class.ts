import { NetworkingV1Api } from '@kubernetes/client-node';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import type { ClusterApi } from './cluster-api.ts';
import { classLacking } from './default-class.ts';

/** Why nobody would serve the shop's ingress, in words; nothing where shoppers come another way. */
export async function ingressClassLacks(
  { config }: ClusterApi,
  { reach, ingress }: ClusterSettings,
): Promise<string[]> {
  if (reach !== 'ingress') return [];
  const { items } = await config.makeApiClient(NetworkingV1Api).listIngressClass();
  const found = classLacking('ingress', items, ingress?.className);
  if (!found) return [];
  const { lacking, names } = found;
  const remedy =
    names.length === 0 ? 'install an ingress controller' : `name one of ${names.join(', ')} in the settings`;
  return [`there is ${lacking}: ${remedy}`];
}
