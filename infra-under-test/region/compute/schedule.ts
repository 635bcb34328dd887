import type { Capacity } from './protocol.ts';

/** Base pods always run, only on on-demand nodes; extra ones come and go with the load, on spot nodes if possible. */
export type Tier = 'base' | 'extra';

/** A place for pods. open: takes new ones. closed: keeps those that it has. lost: has none left. */
export interface SchedulableNode {
  name: string;
  zone: string;
  capacity: Capacity;
  state: 'open' | 'closed' | 'lost';
}

/** A pod and its place. */
export interface PlacedPod {
  name: string;
  node: string;
  tier: Tier;
}

export interface ScheduleInput {
  nodes: SchedulableNode[];
  /** Oldest first. */
  pods: PlacedPod[];
  wanted: Record<Tier, number>;
  /** False: nodes are filled in the order of their names. */
  spread: boolean;
  podsPerNode: number;
}

/** What has to change: pods whose node is lost, surplus pods, and the node of each new pod. */
export interface Schedule {
  lost: string[];
  surplus: string[];
  place: { node: string; tier: Tier }[];
}

const tiers = ['base', 'extra'] as const;

/**
 * Removes pods on nodes that are lost or gone; then adds or removes pods until there are as many as wanted and as the
 * nodes have room for, each where it leaves the zones most even. Never moves a running pod.
 */
export function schedule(input: ScheduleInput): Schedule {
  const { nodes, pods, wanted, podsPerNode } = input;
  const there = new Set(nodes.filter(({ state }) => state !== 'lost').map(({ name }) => name));
  const kept = pods.filter(({ node }) => there.has(node));
  const lost = pods.filter(({ node }) => !there.has(node)).map(({ name }) => name);
  const surplus = tiers.flatMap((tier) => takeSurplus(nodes, kept, tier, wanted[tier]));
  const place: Schedule['place'] = [];
  for (const tier of tiers) {
    let missing = wanted[tier] - kept.filter((pod) => pod.tier === tier).length;
    for (; missing > 0; missing -= 1) {
      const occupied = [...kept, ...place];
      const free = nodes.filter(
        ({ name, state }) => state === 'open' && occupied.filter(({ node }) => node === name).length < podsPerNode,
      );
      const node = choose(candidates(free, tier), occupied, tier, input);
      if (node) place.push({ node: node.name, tier });
    }
  }
  return { lost, surplus, place };
}

function candidates(free: SchedulableNode[], tier: Tier): SchedulableNode[] {
  const of = (wanted: Capacity) => free.filter(({ capacity }) => capacity === wanted);
  if (tier === 'base' || of('spot').length === 0) return of('on-demand');
  return of('spot');
}

type Occupied = { node: string; tier: Tier }[];

function choose(
  candidates: SchedulableNode[],
  occupied: Occupied,
  tier: Tier,
  { nodes, spread }: ScheduleInput,
): SchedulableNode | undefined {
  const crowdingOf = crowding(nodes, occupied, tier);
  const byName = (a: SchedulableNode, b: SchedulableNode) => a.name.localeCompare(b.name, 'en', { numeric: true });
  return candidates.toSorted((a, b) => (spread ? compare(crowdingOf(a), crowdingOf(b)) : 0) || byName(a, b))[0];
}

/** Removes the youngest pods of the most crowded places until no more than wanted are left; returns their names. */
function takeSurplus(nodes: SchedulableNode[], kept: PlacedPod[], tier: Tier, wanted: number): string[] {
  const taken: string[] = [];
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (;;) {
    const ofTier = kept.filter((pod) => pod.tier === tier);
    if (ofTier.length <= wanted) return taken;
    const crowdingOf = crowding(nodes, kept, tier);
    const counts = ofTier.map(({ node }) => crowdingOf(byName.get(node) as SchedulableNode));
    const worst = counts.reduce((most, count, index) => (compare(count, counts[most] ?? count) >= 0 ? index : most), 0);
    const { name } = ofTier[worst] as PlacedPod;
    kept.splice(
      kept.findIndex((pod) => pod.name === name),
      1,
    );
    taken.push(name);
  }
}

/** How full a node's place is, most significant count first: pods of the tier in its zone, all in its zone, its own. */
function crowding(nodes: SchedulableNode[], occupied: Occupied, tier: Tier): (node: SchedulableNode) => number[] {
  const zoneOf = new Map(nodes.map(({ name, zone }) => [name, zone]));
  return ({ name, zone }) => {
    const inZone = occupied.filter(({ node }) => zoneOf.get(node) === zone);
    const ofTier = inZone.filter((pod) => pod.tier === tier);
    return [ofTier.length, inZone.length, inZone.filter(({ node }) => node === name).length];
  };
}

function compare(a: number[], b: number[]): number {
  return a.map((count, index) => count - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
