/** A constant of time of the pocket region, and what stands for it in production. */
interface Scaled {
  ms: number;
  /** What happens after that time, in words that follow "<what> after/every <time>". */
  what: string;
  production: string;
}

/** Every time in which compute and edge differ from production. The database's own are told by its folder. */
export const scaled = {
  heartbeatInterval: { ms: 500, what: 'node heartbeat every', production: 'Kubernetes: lease renewed every 10 s' },
  nodeGrace: { ms: 3_000, what: 'node NotReady without heartbeat after', production: 'Kubernetes: 50 s' },
  readinessPeriod: { ms: 500, what: 'readiness probe of a pod every', production: 'Kubernetes: 10 s' },
  restartBackoffFirst: {
    ms: 500,
    what: 'exited pod restarted at once, then with a back-off that doubles from',
    production: 'Kubernetes: 10 s',
  },
  restartBackoffMax: { ms: 5_000, what: 'restart back-off at most', production: 'Kubernetes: 5 min' },
  restartBackoffReset: {
    ms: 10_000,
    what: 'restart back-off forgotten after running for',
    production: 'Kubernetes: 10 min',
  },
  podStopGrace: { ms: 5_000, what: 'stopping pod killed after', production: 'Kubernetes: 30 s' },
  healthCheckInterval: { ms: 1_000, what: 'edge checks the health of a target every', production: 'ALB: 30 s' },
  healthCheckTimeout: { ms: 900, what: 'a health check fails without an answer after', production: 'ALB: 5 s' },
  deregistrationDelay: {
    ms: 10_000,
    what: 'requests in flight to a deregistered target cut off after',
    production: 'ALB: 300 s',
  },
  upstreamTimeout: { ms: 30_000, what: 'edge answers 504 when a target is silent for', production: 'ALB: 60 s' },
} as const satisfies Record<string, Scaled>;

/** Counts and times that are those of production, or that no client can see. */
export const constants = {
  zones: ['local-1a', 'local-1b', 'local-1c'],
  nodesPerZone: 2,
  /** The reference platform's minimum is 2; rounded up to one a zone. */
  replicas: 3,
  /** Consecutive checks, as ALB's defaults. */
  unhealthyAfterFailures: 2,
  healthyAfterPasses: 5,
  /** As ALB. */
  connectTimeoutMs: 10_000,
  clientIdleTimeoutMs: 60_000,
  /** Must be shorter than the pods' own keep-alive time-out (65 s), or a request meets a connection that is being closed. */
  upstreamIdleTimeoutMs: 30_000,
  targetsPollIntervalMs: 250,
  controllerTickMs: 250,
  /** A pod that does not listen by then is started again. */
  podStartTimeoutMs: 15_000,
  /** Probes of a pod that is not ready yet; finer than `readinessPeriod`, so that start-up is not held up. */
  firstReadinessPeriodMs: 100,
  readinessTimeoutMs: 1_000,
  readinessFailures: 2,
} as const;

/** How the region's compute and edge differ from production, one sentence each. */
export const fidelity: string[] = [
  ...Object.values(scaled).map(({ what, ms, production }) => `${what} ${inWords(ms)} (${production})`),
  'pods of a NotReady node replaced at once (Kubernetes: after 300 s more unless tolerationSeconds is lowered)',
  `the shop runs ${constants.replicas} pods, one a zone, whatever the load (the reference platform: 2 to 20, by processor use)`,
  'a node that is lost is not replaced (EKS: by its node group, in minutes)',
  'nodes are process groups on one machine: they share its processors, and no node has a limit of its own',
  'zones are 0 ms apart (AWS: up to about 1 ms each way)',
];

function inWords(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000} s` : `${ms} ms`;
}
