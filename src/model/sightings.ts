/** What may be seen of a replica that takes the place of a lost one, in the order in which it happens. */
export const replicaSteps = [
  'silent',
  'not-ready',
  'evicted',
  'created',
  'scheduled',
  'image',
  'started',
  'ready',
  'endpoint',
  'served',
] as const;
export type ReplicaStep = (typeof replicaSteps)[number];

/** A step as somebody told of it. */
export interface Sighting {
  /** When it was known here: it happened no later. */
  atMs: number;
  step: ReplicaStep;
  /** The node or pod that it happened to. */
  of: string;
  /** The node of a pod; null where it has none yet, or that is unknown. */
  node: string | null;
  /** Who told: `watch of nodes`. */
  source: string;
  /** The teller's own time, often in whole seconds: it happened no earlier. null where there is none. */
  toldMs: number | null;
}
