import type { LivePod } from '../../src/model/facets.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';

/** @returns what tells by what is watched, in words, that a pod is no longer there; undefined while it is */
export const watchForEnd =
  ({ cluster }: FacetsOf<'node-inventory'>, { name }: Pick<LivePod, 'name'>) =>
  async (): Promise<string | undefined> =>
    (await cluster.inventory()).pods.some((pod) => pod.name === name) ? undefined : `pod ${name} is gone`;

/** @returns what tells, in words, that a container of a pod has been started again since now; undefined while none has */
export function watchForRestart({ kubernetes }: FacetsOf<'kubernetes-api'>, { name }: Pick<LivePod, 'name'>) {
  const before = kubernetes.restartsOf(name) ?? 0;
  return async (): Promise<string | undefined> => {
    const restarts = kubernetes.restartsOf(name);
    return restarts !== null && restarts > before ? `a container of pod ${name} was started again` : undefined;
  };
}

/** What several of them tell, once all do. */
export async function seenByAll(looks: readonly (() => Promise<string | undefined>)[]): Promise<string | undefined> {
  const seen = await Promise.all(looks.map((look) => look()));
  return seen.includes(undefined) ? undefined : seen.join('; ');
}
