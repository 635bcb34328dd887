/** A time constant of the pocket region, and its counterpart in production. */
interface Scaled {
  ms: number;
  /** What happens after that time, worded as "<what> after/every <time>". */
  what: string;
  production: string;
}

/** Speed-up over production of: node boot, autoscaling, the notice of a spot interruption, and durations in FIS. */
export const timeScale = 12;

/** Every time by which compute and edge differ from production. The database's own are in its folder. */
export const scaled = {
  heartbeatInterval: { ms: 500, what: 'node heartbeat every', production: 'Kubernetes: lease renewed every 10 s' },
  nodeGrace: { ms: 6_000, what: 'node NotReady without heartbeat after', production: 'Kubernetes: 50 s' },
  notReadyToleration: {
    ms: 1_000,
    what: 'pods of a NotReady node replaced after another',
    production: 'Kubernetes: 300 s unless tolerationSeconds is lowered',
  },
  terminatedNodeGone: {
    ms: 60_000 / timeScale,
    what: 'node of a terminated instance gone, and its pods replaced, after',
    production: 'Kubernetes: about 1 min',
  },
  nodeBoot: {
    ms: 45_000 / timeScale,
    what: 'node group gets a new node up in',
    production: 'EKS: 45 s to 90 s when tuned',
  },
  nodeBootSpread: {
    ms: 15_000 / timeScale,
    what: 'nodes that boot together are up one after another, each after',
    production: 'EKS: anywhere in those 45 s',
  },
  stoppedInstanceReplaced: {
    ms: 60_000 / timeScale,
    what: 'node group replaces an instance that is stopped after',
    production: 'EC2 Auto Scaling: about 1 min',
  },
  instanceForgotten: {
    ms: 3_600_000 / timeScale,
    what: 'terminated instance listed for',
    production: 'EC2: about 1 h',
  },
  autoscalerPeriod: { ms: 15_000 / timeScale, what: 'pod autoscaling judges every', production: 'HPA: 15 s' },
  cpuWindow: {
    ms: 30_000 / timeScale,
    what: "a pod's CPU use is averaged over",
    production: 'metrics-server: about 30 s',
  },
  cpuInitialisation: {
    ms: 10_000,
    what: "a pod's CPU use counts once it was ready for",
    production: 'HPA: it may pass over the first 5 min',
  },
  scaleUpStabilisation: {
    ms: 30_000 / timeScale,
    what: 'pods are added when wanted for',
    production: 'reference platform: 30 s',
  },
  scaleUpPeriod: {
    ms: 60_000 / timeScale,
    what: 'at most 2 pods are added every',
    production: 'reference platform: 60 s',
  },
  scaleDownStabilisation: {
    ms: 300_000 / timeScale,
    what: 'pods are taken away when not wanted for',
    production: 'reference platform: 5 min',
  },
  scaleDownPeriod: {
    ms: 60_000 / timeScale,
    what: 'at most 1 pod is taken away every',
    production: 'reference platform: 60 s',
  },
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
  deregistrationWait: {
    ms: 30_000 / timeScale,
    what: 'pod that is taken away leaves the edge at once and gets SIGTERM after',
    production: 'a preStop hook: 30 s',
  },
  podStopGrace: { ms: 5_000, what: 'stopping pod killed after', production: 'Kubernetes: 30 s' },
  healthCheckInterval: { ms: 1_000, what: 'edge checks the health of a target every', production: 'ALB: 30 s' },
  healthCheckTimeout: { ms: 900, what: 'a health check fails without an answer after', production: 'ALB: 5 s' },
  slowStart: {
    ms: 60_000 / timeScale,
    what: 'share of a target that has become healthy grows to that of the others within',
    production: 'ALB, slow start: 30 s to 900 s where it is switched on',
  },
  deregistrationDelay: {
    ms: 10_000,
    what: 'requests in flight to a deregistered target cut off after',
    production: 'ALB: 300 s',
  },
  upstreamTimeout: { ms: 30_000, what: 'edge answers 504 when a target is silent for', production: 'ALB: 60 s' },
} as const satisfies Record<string, Scaled>;

/** Counts and times that equal production's, or that no client can see. */
export const constants = {
  /** Pods that always run on on-demand nodes, one per zone. */
  basePods: 3,
  /** The reference platform's minimum is 2: here one per zone, plus one on a spot node. Scaled out: the maximum. */
  minPods: 4,
  /** The reference platform's maximum is 20. On two cores each pod above 6 costs the others more than it serves. */
  maxPods: 6,
  /** Without zone spread a node takes one more, so that all base pods fit on one. */
  podsPerNode: 2,
  podsPerCrowdedNode: 3,
  /** Of the wanted pods, rounded up, like a disruption budget with `maxUnavailable: 25%`. */
  maxUnavailableShare: 0.25,
  /** Once the shop is up. Starting a pod takes a whole core for a second or two, and there are two. */
  podsStartingAtOnce: 1,
  /** A pod that is not ready by then does not hold up others. */
  podStartingMs: 10_000,
  /** The share of a core that a pod requests where all pods run from the start. */
  podCpuRequestCores: 0.09,
  /**
   * Where a drill is about scaling: the share of its request that a pod uses by the first steady traffic, the probes before
   * the load. The baseline on top of them stays within the autoscaler's tolerance then, and ten times as much does not.
   */
  shareAtFirstTraffic: 0.66,
  autoscaling: { targetRatio: 0.7, tolerance: 0.1, addedPerPeriod: 2, removedPerPeriod: 1 },
  /** Consecutive checks, ALB's defaults. */
  unhealthyAfterFailures: 2,
  healthyAfterPasses: 5,
  /** As ALB. */
  connectTimeoutMs: 10_000,
  clientIdleTimeoutMs: 60_000,
  /** Must be shorter than the pods' own keep-alive timeout (65 s), or a request meets a closing connection. */
  upstreamIdleTimeoutMs: 30_000,
  targetsPollIntervalMs: 250,
  controllerTickMs: 250,
  /** A pod that does not listen by then is restarted. */
  podStartTimeoutMs: 15_000,
  /** Probes of a pod that is not ready yet; finer than `readinessPeriod`, so as not to delay start-up. */
  firstReadinessPeriodMs: 100,
  readinessTimeoutMs: 1_000,
  readinessFailures: 2,
} as const;

/** How the region's compute and edge differ from production, one sentence each. */
export const fidelity: string[] = [
  ...Object.values(scaled).map(({ what, ms, production }) => `${what} ${inWords(ms)} (${production})`),
  `durations in FIS experiments pass ${timeScale} times faster: the notice of a spot interruption, 2 min, takes 10 s`,
  `the shop runs ${constants.minPods} to ${constants.maxPods} pods, at most ${constants.podsPerNode} a node, by the CPU time that their processes use (the reference platform: 2 to 20); all of them from the start, as before a peak, unless scaling is what is drilled`,
  `a pod requests so much CPU that the first steady traffic uses ${constants.shareAtFirstTraffic * 100} % of it, on any machine, so ten times the traffic scales the shop out (where all pods run from the start, ${constants.podCpuRequestCores} of a core)`,
  `once the shop is up at most ${constants.podsStartingAtOnce} pod starts at a time (Kubernetes: as many as are wanted)`,
  'a node group replaces a node in its own zone only (EC2 Auto Scaling: in another one when that has no capacity)',
  'nodes are process groups on one machine: they share its processors, and no node has a limit of its own; one without a pod that serves gets a tenth of the share of the others',
  'there is no Redis: sessions are in the database, and each pod keeps the catalogue for itself (reference platform: ElastiCache holds both)',
  'zones are 0 ms apart (AWS: up to about 1 ms each way)',
];

function inWords(ms: number): string {
  if (ms >= 120_000) return `${ms / 60_000} min`;
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}
