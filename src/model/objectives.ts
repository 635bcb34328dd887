import { z } from 'zod';
import { latencyPaths } from './profile.ts';
import { spanSchema, wallMsOf } from './span.ts';

export const phases = ['baseline', 'ramp', 'peak', 'fault', 'recovered'] as const;
export type Phase = (typeof phases)[number];

/** What a recovery time is measured on: database writes, catalogue reads, the whole shop, or its capacity. */
export const recoveryPaths = ['write', 'read', 'shop', 'pods', 'nodes'] as const;
export type RecoveryPath = (typeof recoveryPaths)[number];

/** The promises a drill is judged by. An objective is never a measurement. */
export const objectivesSchema = z.strictObject({
  /** The 99th percentile of a path stays under limitMs in each phase. */
  latency: z.array(
    z.strictObject({
      path: z.enum(latencyPaths),
      limitMs: z.number().positive(),
      phases: z.array(z.enum(phases)).min(1),
    }),
  ),
  /** Recovery time objectives, from the injection to the restored service. */
  recovery: z.array(z.strictObject({ path: z.enum(recoveryPaths), objectiveMs: z.number().positive() })),
  /** Share of good events over the window, and how much of the budget one drill may burn. */
  errorBudget: z.strictObject({
    objective: z.number().gt(0).lt(1),
    windowDays: z.number().int().positive(),
    maxBurnedRatio: z.number().positive(),
  }),
  /** At most this share of a phase's calls fail: of all calls, or of the catalogue's reads. */
  failures: z
    .array(
      z.strictObject({
        calls: z.enum(['all', 'reads']),
        phases: z.array(z.enum(phases)).min(1),
        maxFailedRatio: z.number().min(0).lt(1),
      }),
    )
    .optional(),
  /** At most these shares of the orders are never answered, however patient their shoppers, or are rejected. */
  orders: z
    .strictObject({ maxUnansweredRatio: z.number().min(0).lt(1), maxRejectedRatio: z.number().min(0).lt(1) })
    .optional(),
  /**
   * Shoppers who cannot be served are told so quickly: the median and the 95th percentile of failed writes' times while
   * writes are away.
   */
  refusal: z
    .strictObject({ medianLimitMs: z.number().positive(), p95LimitMs: z.number().positive().optional() })
    .optional(),
  /** Shoppers' sessions that the shop forgot. */
  sessions: z.strictObject({ maxLost: z.number().int().min(0) }).optional(),
  /** Pods whose end the platform does not account for: a bug until shown otherwise. */
  restarts: z.strictObject({ maxUnattributed: z.number().int().min(0) }).optional(),
  /** From the injection on, ready pods never fall further than this below the wanted ones. */
  availability: z.strictObject({ maxUnavailablePods: z.number().int().min(0) }).optional(),
  /** No pod on nodes of this kind ends after the injection. */
  untouched: z.enum(['on-demand', 'spot']).optional(),
  /** From the step to the peak until as many pods are ready as the load needs. */
  autoscaling: z.strictObject({ maxLagMs: z.number().positive() }).optional(),
});
export type Objectives = z.infer<typeof objectivesSchema>;

/** As a drill states them: each time given once, for every target. */
const statedSchema = objectivesSchema.extend({
  recovery: z.array(z.strictObject({ path: z.enum(recoveryPaths), objectiveMs: spanSchema })),
  autoscaling: z.strictObject({ maxLagMs: spanSchema }).optional(),
});
/** What is promised instead where pods that are gone are missed only once their node is NotReady. */
const byNotReadySchema = statedSchema.pick({ recovery: true, errorBudget: true, orders: true, failures: true });

export const definedObjectivesSchema = statedSchema.extend({ byNotReady: byNotReadySchema.optional() });
export type DefinedObjectives = z.infer<typeof definedObjectivesSchema>;

/** How what shoppers come through, or the database's operator, finds out that a pod is gone with its node. */
export type Missing = 'by-health-checks' | 'by-not-ready';

/** Those of a target, in its wall-clock time. */
export function objectivesOn(
  { byNotReady, ...stated }: DefinedObjectives,
  { timeScale = 1, missing = 'by-health-checks' }: { timeScale?: number; missing?: Missing },
): Objectives {
  const { recovery, autoscaling, ...others } = { ...stated, ...(missing === 'by-not-ready' && byNotReady) };
  return {
    ...others,
    recovery: recovery.map(({ path, objectiveMs }) => ({ path, objectiveMs: wallMsOf(objectiveMs, timeScale) })),
    ...(autoscaling && { autoscaling: { maxLagMs: wallMsOf(autoscaling.maxLagMs, timeScale) } }),
  };
}
