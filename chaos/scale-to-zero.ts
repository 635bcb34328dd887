import type { Fault, Hit } from '../src/model/fault.ts';
import type { Inventory } from '../src/model/target.ts';
import { byKubernetes } from './scale-to-zero/by-kubernetes.ts';
import { namesOf } from './shared/one-workload.ts';

const kind = 'scale-to-zero';

export interface ScaleToZeroOptions {
  /** A deployment or a stateful set of the shop's namespace; left out: the one whose pods serve shoppers. */
  workload?: string;
  /** How long it has no pods, by the wall clock: how long people take to notice. Left out: until the load has ended. */
  lastsMs?: number;
}

/** Somebody, or a wrong pipeline, leaves a deployment or a stateful set without pods. */
export const scaleToZero = ({ workload, lastsMs }: ScaleToZeroOptions = {}): Fault => ({
  kind,
  summary: `${workload ?? "the shop's deployment"} is scaled to zero${lastsMs === undefined ? '' : ` for ${lastsMs / 1000} s`}`,
  effects: [{ kind, startsAfterMs: 0, ...(lastsMs !== undefined && { lasts: lastsMs }) }],
  hits: (inventory) => hits(inventory, workload),
  problems: (inventory) => problems(inventory, workload),
  ways: [byKubernetes({ kind, workload, lastsMs })],
});

const chosen = ({ workloads = [] }: Inventory, wanted: string | undefined) =>
  workloads.filter(({ name, servesShoppers }) => (wanted === undefined ? servesShoppers : name === wanted));

/** One that serves shoppers takes its share of the pods that do; of another only itself is known. */
function hits(inventory: Inventory, wanted: string | undefined): Hit[] {
  const { workloads } = inventory;
  const serving = workloads?.filter(({ servesShoppers }) => servesShoppers) ?? [];
  return chosen(inventory, wanted).map(({ name, pods, servesShoppers }) =>
    servesShoppers
      ? { kind: 'pod', which: `all of ${name}`, count: pods, of: serving.reduce((sum, one) => sum + one.pods, 0) }
      : { kind: 'workload', which: name, count: 1, of: workloads?.length ?? null },
  );
}

function problems(inventory: Inventory, wanted: string | undefined): string[] {
  // Whether the target has workloads at all is a capability.
  if (inventory.workloads === undefined) return [];
  const found = chosen(inventory, wanted);
  if (found.length === 0)
    return [`${kind} finds no ${wanted ?? 'workload that serves shoppers'}: there is ${namesOf(inventory.workloads)}`];
  return found.length === 1 ? [] : [`${kind} is for one workload: name one of ${namesOf(found)}`];
}
