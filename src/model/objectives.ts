import { z } from 'zod';
import { latencyPaths } from './profile.ts';

export const phases = ['baseline', 'ramp', 'peak', 'fault', 'recovered'] as const;
export type Phase = (typeof phases)[number];

/** What a recovery time is measured on: database writes, catalogue reads, or all of the shop. */
export const recoveryPaths = ['write', 'read', 'shop'] as const;
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
});
export type Objectives = z.infer<typeof objectivesSchema>;
