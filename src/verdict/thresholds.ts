/** Every number a judgement rests on that is not an objective of the drill. */
export const thresholds = {
  /** Share of the planned peak rate that has to be reached for a run to have been at peak. */
  minPeakShare: 0.95,

  /**
   * Share of a phase that may be robbed while its latency still passes by the rest of it; which seconds those are is known
   * without looking at the shop (src/analysis/robbed-seconds.ts), and bench/coverage/robbed.ts holds it to the error of 5 %.
   */
  maxRobbedShare: 2 / 3,
  /** Fewer remaining seconds may hold no spell at all, though slow calls come in spells (decision 13). */
  fewestSeconds: 8,
  /**
   * Share of the host's CPU time at peak, before anything is broken. Up to 80 % was seen to do no harm; from 95 % on, where a
   * call waits twenty times as long as it takes, good shops broke their promises and did not recover.
   */
  maxPeakBusyRatio: 0.85,
  /** The sentinel's finest interval: below it a step is lost in the uncertainty that is stated anyway. */
  maxClockStepMs: 10,
  /** How far a pod's clock may be from ours: half of the API's limit. Of 100 calls a second, five may seem to be of another phase. */
  maxPodClockMs: 50,

  /** The platform is looked at twice a second; what lasts no longer than the recovery rules' three seconds may be missed. */
  maxLookGapMs: 3_000,
  /** Share of the planned probes that must be sent so that silence is not taken for health. */
  minSentShare: 0.95,
  /** With fewer, a median says nothing: the chance that all of 5 lie above the true one is 3 %. */
  minRefusals: 5,
} as const;

/** Whether the host left too little of a phase to judge its latency by. */
export const isRobbedTooMuch = ({ seconds, robbedSeconds }: { seconds: number; robbedSeconds: number }): boolean =>
  robbedSeconds > 0 &&
  (robbedSeconds > seconds * thresholds.maxRobbedShare || seconds - robbedSeconds < thresholds.fewestSeconds);
