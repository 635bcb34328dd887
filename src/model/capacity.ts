import { z } from 'zod';
import { latencyPaths } from './profile.ts';
import { environmentSchema, outcomeSchema, runStatuses } from './verdict.ts';

const iso = z.iso.datetime({ precision: 3 });
const count = z.number().int().nonnegative();
const perSecond = z.number().nonnegative();
const interval = { low: z.number(), high: z.number() };

/** What a step, or the whole load, can end by. */
export const limits = ['promise', 'load', 'host'] as const;
const limitSchema = z.strictObject({
  /** A broken promise of the shop; the load side, which did not send what was planned; or the machine that all of it shares. */
  by: z.enum(limits),
  because: z.string(),
});
export type Limit = z.infer<typeof limitSchema>;

const stepSchema = z.strictObject({
  /** Of the baseline's rate. */
  factor: z.number(),
  plannedPerSecond: perSecond,
  /** Requests that started, and right answers that came. */
  startedPerSecond: perSecond,
  servedPerSecond: perSecond,
  /** Calls that were open at once, on average. */
  inFlight: z.number().nonnegative(),
  /** What gave way; null: nothing. */
  gaveWay: limitSchema.nullable(),
  /** Why the step is not among those that the model is made of; null: it is. */
  leftOut: z.string().nullable(),
  latency: z.array(
    z.strictObject({
      path: z.enum(latencyPaths),
      limitMs: z.number(),
      count,
      /** Failed, or slower than the limit. */
      bad: count,
      p99Ms: z.union([z.number(), z.literal('failed')]).nullable(),
      outcome: outcomeSchema,
    }),
  ),
  dropped: count,
  robbedSeconds: z.number(),
  busyRatio: z.number().nullable(),
  /** null: the platform does not tell. */
  pods: z.strictObject({ ready: count, cpuRatio: z.number().nullable() }).nullable(),
  pools: z
    .array(
      z.strictObject({
        role: z.string(),
        /** Over all replicas. */
        connections: count,
        inUse: z.number(),
        holdMs: z.number(),
        waitMs: z.number(),
      }),
    )
    .nullable(),
  /** Medians of the same probe through the edge and around it. */
  probes: z.strictObject({ throughEdgeMs: z.number(), aroundEdgeMs: z.number() }).nullable(),
});
export type CapacityStep = z.infer<typeof stepSchema>;

/** X(N) = lambda N / (1 + alpha (N - 1) + beta N (N - 1)): answers a second by calls in flight. */
const modelSchema = z.strictObject({
  lambda: z.number(),
  alpha: z.number(),
  beta: z.number(),
  /** Of the intervals, by bootstrap. */
  confidence: z.number(),
  intervals: z.strictObject({
    lambda: z.strictObject(interval),
    alpha: z.strictObject(interval),
    beta: z.strictObject(interval),
  }),
  /** Where throughput is highest; null: the law has no such place. high: null where nothing bounds it. */
  peak: z
    .strictObject({
      inFlight: z.number(),
      perSecond: z.number(),
      lowPerSecond: z.number(),
      highPerSecond: z.number().nullable(),
    })
    .nullable(),
  /** Each step predicted from the others, and the highest one by itself: relative errors of the throughput. */
  heldOut: z.strictObject({
    factor: z.number(),
    predictedPerSecond: z.number(),
    measuredPerSecond: z.number(),
    relativeError: z.number(),
    meanRelativeError: z.number(),
  }),
});

/**
 * What a run in steps says about how much a shop carries. What is unknown is null, and `unknown` says why, by its path.
 */
export const capacitySchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  target: z.string(),
  profile: z.string(),
  /** The command that runs this again. */
  command: z.string(),
  status: z.enum(runStatuses),
  /** Whether ten times the traffic is carried; inconclusive unless the model is trusted, or a promise was broken at less. */
  outcome: outcomeSchema,
  startedAt: iso,
  finishedAt: iso.nullable(),
  environment: environmentSchema,
  /** Why all of this is about a stand-in and not about production; null: nothing is known that makes it one. */
  standIn: z.string().nullable(),
  baselineRatePerSecond: perSecond,
  tenfoldRatePerSecond: perSecond,
  steps: z.array(stepSchema),
  /** top: the load went all the way up; early: the run did not complete. */
  ended: z.strictObject({ by: z.enum([...limits, 'top', 'early']), because: z.string() }),
  /** The highest rate up to which nothing gave way. */
  carriedPerSecond: z.number().nullable(),
  model: modelSchema.nullable(),
  /** The smaller of the law's peak and the first rate at which a promise is broken. */
  knee: z
    .strictObject({
      ratePerSecond: z.number(),
      lowPerSecond: z.number(),
      /** null: nothing bounds it. */
      highPerSecond: z.number().nullable(),
      by: z.enum(['law', 'promise']),
    })
    .nullable(),
  /** As multiples of ten times the baseline: from what was carried, and from the knee. */
  headroom: z.strictObject({
    atLeast: z.number().nullable(),
    factor: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
  }),
  saturatesFirst: z
    .strictObject({
      what: z.enum(['cpu', 'pool', 'database', 'edge', 'host', 'load']),
      atRatePerSecond: z.number(),
      evidence: z.string(),
    })
    .nullable(),
  /** N-1: computed from what a pod carries, with the zone gone that has the most pods. */
  zonesLost: z
    .strictObject({
      zone: z.string(),
      podsLeft: count,
      /** At least. */
      carriesPerSecond: z.number(),
      carriesTenfold: z.boolean().nullable(),
      because: z.string(),
    })
    .nullable(),
  /** For ten times the baseline. */
  recommended: z.strictObject({
    pods: z.strictObject({ count, because: z.string() }).nullable(),
    pools: z.array(z.strictObject({ role: z.string(), connectionsPerPod: count, because: z.string() })).nullable(),
    nodes: z.strictObject({ count, because: z.string() }).nullable(),
  }),
  /** Whether the model holds for what it was checked against, and says something about the shop. */
  trusted: z.boolean(),
  notTrustedBecause: z.array(z.string()),
  unknown: z.record(z.string(), z.string()),
});
export type Capacity = z.infer<typeof capacitySchema>;

/** By which a run in steps stands among the drills. */
export const capacityName = 'capacity';

/** In a run's folder. */
export const capacityFile = 'capacity.json';
