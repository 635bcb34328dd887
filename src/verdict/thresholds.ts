/** Every number a judgement rests on that is not an objective of the drill. */
export const thresholds = {
  /** Share of the planned peak rate that has to be reached for a run to have been at peak. */
  minPeakShare: 0.95,

  /*
   * When the measuring side is in doubt. Locally the shop, the database, k6 and the sentinel share the machine's
   * cores, so full cores and a high CPU pressure are what ten times the traffic looks like and prove nothing: they are
   * shown, not judged. What is judged is proof that the clock was read late. The sentinel needs next to no CPU and
   * knows when it should have sent; when even its sends are late, k6's calls were timed late as well.
   */
  /** A fifth of the API's limit of 100 ms, a tenth of checkout's 200 ms: above it the host's delay decides, not the shop's. */
  maxSentinelLatenessP99Ms: 20,
  /** The same bound for k6, whose calls are timed late as soon as it waits for a CPU. */
  maxGeneratorLatenessP99Ms: 20,
  /** Time that the hypervisor gave to others: no process here sees it but as a pause. A chosen bound. */
  maxStealRatio: 0.05,
  /** The sentinel's finest interval: below it a step is lost in the uncertainty that is stated anyway. */
  maxClockStepMs: 10,

  /** The platform is looked at twice a second; what lasts no longer than the recovery rules' three seconds may be missed. */
  maxLookGapMs: 3_000,
  /** With fewer, a median says nothing: the chance that all of 5 lie on one side of the true one is 3 %. */
  minRefusals: 5,
} as const;
