import { cannotTell } from '../../src/model/errors.ts';
import type { LivePod } from '../../src/model/facets.ts';
import type { ActiveFault, Hit, Way } from '../../src/model/fault.ts';
import type { Inventory } from '../../src/model/target.ts';
import type { FacetsOf } from '../../src/platform/facets-of.ts';
import { nowMs } from '../../src/runtime/clock.ts';
import { healthyAtMs } from './healthy-at.ts';
import { seenByAll } from './pod-evidence.ts';
import { healthyTimeoutMs, proveBy } from './power-cut.ts';
import { type WayContext, way } from './way.ts';

/** So many pods, or such a share of them, rounded up. */
export type HowMany = { pods: number } | { share: number };

type Needed = 'kubernetes-api' | 'node-inventory';
type On = FacetsOf<Needed>;

const countOf = (howMany: HowMany, of: number): number =>
  'pods' in howMany ? howMany.pods : Math.ceil(howMany.share * of);

export const howManyWords = (howMany: HowMany): string =>
  'share' in howMany ? `${Math.round(howMany.share * 100)} % of the shop's pods` : `${howMany.pods} of the shop's pods`;

/** How many pods serve shoppers; undefined where that is not known. */
const known = ({ workloads }: Inventory): number | undefined =>
  workloads?.filter(({ servesShoppers }) => servesShoppers).reduce((sum, { pods }) => sum + pods, 0);

export function podHits(inventory: Inventory, howMany: HowMany): Hit[] {
  const of = known(inventory) ?? null;
  return [{ kind: 'pod', which: howManyWords(howMany), count: of === null ? null : countOf(howMany, of), of }];
}

export function podProblems(kind: string, inventory: Inventory, howMany: HowMany): string[] {
  const isSane = 'pods' in howMany ? Number.isInteger(howMany.pods) && howMany.pods > 0 : howMany.share > 0;
  if (!isSane || ('share' in howMany && howMany.share > 1))
    return [
      `${kind} is for one pod or more, or for a share above 0 and at most 1: ${JSON.stringify(howMany)} is neither`,
    ];
  return tooMany(kind, howMany, known(inventory) ?? Number.POSITIVE_INFINITY);
}

function tooMany(kind: string, howMany: HowMany, of: number): string[] {
  if (of === 0) return [`${kind} finds no target: no pod of the shop is ready`];
  const count = countOf(howMany, of);
  return count > of ? [`${kind} is for ${count} pods, and the shop has ${of}; choose fewer`] : [];
}

/** Something that is done to pods at once, and that the platform mends by itself. */
export interface StrikeOf extends Pick<Way, 'rights'> {
  kind: string;
  howMany: HowMany;
  /** Why it could not be done to a pod, in words; left out: nothing but rights keeps it. */
  problemOf?(on: On, pod: LivePod): Promise<string | undefined>;
  strike(on: On, pod: LivePod): Promise<void>;
  /** @returns what tells by what is watched, in words, that a pod was struck; undefined while nothing does */
  watchFor(on: On, pod: LivePod): () => Promise<string | undefined>;
}

/** Proven when all pods show it; there is nothing to take back: the drill waits until the pods are there again. */
export const strikePods = (strike: StrikeOf): Way =>
  way<Needed>({
    name: 'kubernetes',
    requires: ['kubernetes-api', 'node-inventory'],
    undo: 'nothing is taken back: the drill waits until the pods are at full strength again',
    rights: strike.rights,
    limits: { injectMs: 60_000, undoMs: healthyTimeoutMs + 10_000 },
    check: ({ on }) => check(strike, on),
    inject: (context) => inject(strike, context),
  });

/** Which of the ready pods are hit, and what is wrong with that, in words. */
export const choosePods = async (
  { kind, howMany }: Pick<StrikeOf, 'kind' | 'howMany'>,
  { cluster }: Pick<On, 'cluster'>,
): Promise<{ pods: LivePod[]; problems: string[] }> => {
  const ready = (await cluster.inventory()).pods
    .filter((pod) => pod.ready)
    .toSorted((one, other) => one.name.localeCompare(other.name));
  return { pods: ready.slice(0, countOf(howMany, ready.length)), problems: tooMany(kind, howMany, ready.length) };
};

async function check(strike: StrikeOf, on: On): Promise<string[]> {
  const { pods, problems } = await choosePods(strike, on);
  if (problems.length > 0) return problems;
  const found = await Promise.all(pods.map((pod) => strike.problemOf?.(on, pod)));
  return [...new Set(found.filter((problem) => problem !== undefined))];
}

async function inject(strike: StrikeOf, context: WayContext<Needed>): Promise<ActiveFault> {
  const { on } = context;
  const { pods, problems } = await choosePods(strike, on);
  if (problems.length > 0) throw cannotTell(problems.join('\n'));
  const looks = pods.map((pod) => strike.watchFor(on, pod));
  const injectedAtMs = nowMs();
  await Promise.all(pods.map((pod) => strike.strike(on, pod)));
  return {
    injectedAtMs,
    prove: (signal) => proveBy(strike.kind, () => seenByAll(looks), signal),
    undo: async () => ({ revertedAtMs: await healthyAtMs(context, healthyTimeoutMs) }),
  };
}
