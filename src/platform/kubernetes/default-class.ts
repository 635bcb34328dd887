import type { KubernetesObject } from '@kubernetes/client-node';

/**
 * Whether there is a class of a name, or a default one where none is named.
 * @returns what there is not, in words, and the names of those that there are; undefined where it is there
 */
export function classLacking(
  kind: 'storage' | 'ingress',
  items: readonly KubernetesObject[],
  wanted: string | undefined,
): { lacking: string; names: string[] } | undefined {
  const names = items.map(({ metadata }) => metadata?.name ?? '');
  const isDefault = `${kind}class.kubernetes.io/is-default-class`;
  const fits =
    wanted === undefined
      ? items.some(({ metadata }) => metadata?.annotations?.[isDefault] === 'true')
      : names.includes(wanted);
  if (fits) return undefined;
  return { lacking: wanted === undefined ? `no default ${kind} class` : `no ${kind} class ${wanted}`, names };
}
