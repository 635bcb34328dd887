import type { WorkloadState } from '../../src/model/facets.ts';

export const namesOf = (found: readonly { name: string }[]): string =>
  found.map(({ name }) => name).join(', ') || 'none';

/** The only one of some workloads that may be meant, or what is wrong, in words. @param name left out: there is to be one */
export function oneWorkload(
  kind: string,
  candidates: readonly WorkloadState[],
  name: string | undefined,
): { workload: WorkloadState } | { problems: string[] } {
  const found = candidates.filter((one) => name === undefined || one.name === name);
  const [workload, ...others] = found;
  if (workload === undefined)
    return { problems: [`${kind} finds no target: there is ${namesOf(candidates)}${name ? `, and no ${name}` : ''}`] };
  if (others.length > 0) return { problems: [`${kind} is for one of several: name one of ${namesOf(found)}`] };
  if (workload.replicas === 0) return { problems: [`${kind} finds no target: ${workload.name} has no pods`] };
  if (workload.unsettled !== null)
    return { problems: [`${kind} would prove nothing at ${workload.name}: ${workload.unsettled}`] };
  return { workload };
}
