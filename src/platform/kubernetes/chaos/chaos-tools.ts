import { ApisApi } from '@kubernetes/client-node';
import type { Facets } from '../../../model/facets.ts';
import { within } from '../../../runtime/clock.ts';
import type { ClusterApi, ClusterPlace } from '../cluster-api.ts';
import { chaosMesh, meshApi } from './chaos-mesh.ts';
import { litmus, litmusApi } from './litmus.ts';

/** One that does not answer is told by whoever needs it. */
const askingMs = 5_000;

/** What breaks things by objects of its own, by the capability that a cluster has with it. */
const tools = { 'chaos-mesh': meshApi, litmus: litmusApi } as const;
type ChaosTool = keyof typeof tools;

/** Which of them are on a cluster; none where it cannot be asked. */
export const chaosToolsOn = async (api: ClusterApi): Promise<ChaosTool[]> =>
  await within('asking for APIs', { timeoutMs: askingMs, graceMs: 0 }, () => toolsOn(api)).catch(() => []);

async function toolsOn({ config }: ClusterApi): Promise<ChaosTool[]> {
  const { groups } = await config.makeApiClient(ApisApi).getAPIVersions();
  const isThere = (tool: ChaosTool) =>
    groups.some(
      ({ name, versions }) =>
        name === tools[tool].group && versions.some(({ version }) => version === tools[tool].version),
    );
  return (['chaos-mesh', 'litmus'] as const).filter(isThere);
}

/** The facets of those that are there. */
export async function chaosFacets(
  api: ClusterApi,
  place: ClusterPlace,
  namespace: string,
): Promise<Partial<Pick<Facets, 'chaosMesh' | 'litmus'>>> {
  const there = await toolsOn(api);
  return {
    ...(there.includes('chaos-mesh') && { chaosMesh: chaosMesh(api, place, namespace) }),
    ...(there.includes('litmus') && { litmus: litmus(api, place, namespace) }),
  };
}
