import { cannotTell } from '../../src/model/errors.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { seenByAll } from './pod-evidence.ts';
import { choosePods, type HowMany } from './strike-pods.ts';

type On = FacetsOf<'kubernetes-api' | 'node-inventory'>;
type Look = () => Promise<string | undefined>;

/**
 * Aims at a number or a share of the ready pods.
 * @param aimed says what is ordered for them, and what shows in each; or what is wrong, in words
 */
export async function aimAtPods<Order>(
  strike: { kind: string; howMany: HowMany },
  on: On,
  aimed: (pods: string[]) => Promise<{ order: Order; looks: Look[] } | string>,
): Promise<{ order: Order; evidence: Look } | { problems: string[] }> {
  const { pods, problems } = await choosePods(strike, on);
  if (problems.length > 0) return { problems };
  const aim = await aimed(pods.map(({ name }) => name)).catch((error: Error) => error.message);
  if (typeof aim === 'string') return { problems: [`${strike.kind} cannot be done: ${aim}`] };
  return { order: aim.order, evidence: () => seenByAll(aim.looks) };
}

/** The names of the containers that serve in some pods. */
export const servingContainers = ({ kubernetes }: On, pods: readonly string[]): string[] => [
  ...new Set(pods.map((pod) => kubernetes.servingContainerOf(pod))),
];

/** The same for a tool that takes one. @throws where they are called differently */
export function oneServingContainer(on: On, pods: readonly string[]): string {
  const [container = '', ...others] = servingContainers(on, pods);
  if (others.length === 0) return container;
  throw cannotTell(`it is for containers of one name, and these are ${[container, ...others].join(', ')}`);
}
