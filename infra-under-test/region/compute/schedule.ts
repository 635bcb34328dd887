/** A place for pods. */
export interface SchedulableNode {
  name: string;
  zone: string;
  ready: boolean;
}

/** A pod and its place. */
export interface PlacedPod {
  name: string;
  node: string;
}

/** What has to change: pods to take away, and for each new pod the name of its node. */
export interface Schedule {
  remove: string[];
  place: string[];
}

export interface ScheduleInput {
  nodes: SchedulableNode[];
  /** Oldest first. */
  pods: PlacedPod[];
  replicas: number;
}

/**
 * Pods on nodes that are not ready or gone are taken away; then pods are added or taken away until there are as many
 * as wanted, each step where it leaves the zones, and then their nodes, most even. Pods that run are never moved.
 * Places nothing when no node is ready.
 */
export function schedule({ nodes, pods, replicas }: ScheduleInput): Schedule {
  const ready = nodes.filter((node) => node.ready);
  const names = new Set(ready.map(({ name }) => name));
  const kept = pods.filter(({ node }) => names.has(node));
  const remove = pods.filter(({ node }) => !names.has(node)).map(({ name }) => name);

  while (kept.length > replicas) {
    const [surplus] = kept.splice(indexOfMostCrowded(ready, kept), 1);
    if (surplus) remove.push(surplus.name);
  }
  const place: string[] = [];
  while (kept.length + place.length < replicas && ready.length > 0) {
    place.push(leastCrowded(ready, [...kept.map(({ node }) => node), ...place]));
  }
  return { remove, place };
}

/** How many pods there are in each zone and on each node. */
function crowd(
  nodes: SchedulableNode[],
  occupied: string[],
): (node: SchedulableNode) => { zone: number; node: number } {
  const zoneOf = new Map(nodes.map(({ name, zone }) => [name, zone]));
  const perNode = Map.groupBy(occupied, (name) => name);
  const perZone = Map.groupBy(occupied, (name) => zoneOf.get(name));
  return ({ name, zone }) => ({ zone: perZone.get(zone)?.length ?? 0, node: perNode.get(name)?.length ?? 0 });
}

function leastCrowded(nodes: SchedulableNode[], occupied: string[]): string {
  const countsOf = crowd(nodes, occupied);
  const [first] = nodes.toSorted((a, b) => compare(countsOf(a), countsOf(b)) || a.name.localeCompare(b.name));
  return (first as SchedulableNode).name;
}

/** The youngest pod on the most crowded node of the most crowded zone. */
function indexOfMostCrowded(nodes: SchedulableNode[], pods: PlacedPod[]): number {
  const countsOf = crowd(
    nodes,
    pods.map(({ node }) => node),
  );
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const counts = pods.map(({ node }) => countsOf(byName.get(node) as SchedulableNode));
  return counts.reduce((worst, count, index) => (compare(count, counts[worst] ?? count) >= 0 ? index : worst), 0);
}

const compare = (a: { zone: number; node: number }, b: { zone: number; node: number }) =>
  a.zone - b.zone || a.node - b.node;
