import { z } from 'zod';
import { outcomeSchema, runStatuses } from './verdict.ts';

const iso = z.iso.datetime({ precision: 3 });

const suiteRunSchema = z.strictObject({
  drill: z.string(),
  title: z.string(),
  runId: z.string(),
  status: z.enum(runStatuses),
  outcome: outcomeSchema,
  /** The verdict in a sentence. */
  headline: z.string(),
  exitCode: z.number().int(),
  startedAt: iso,
  finishedAt: iso.nullable(),
  /** The run's folder, relative to the suite's. */
  folder: z.string(),
  /** The command that runs this drill alone. */
  command: z.string(),
});
export type SuiteRun = z.infer<typeof suiteRunSchema>;

/** Several drills one after the other: all.json. */
export const suiteSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  target: z.string(),
  profile: z.string(),
  command: z.string(),
  status: z.enum(['running', 'completed', 'interrupted', 'stopped']),
  /** Why it stopped early; null when it did not. */
  stoppedBy: z.string().nullable(),
  outcome: outcomeSchema,
  startedAt: iso,
  finishedAt: iso.nullable(),
  runs: z.array(suiteRunSchema),
  /** Drills that have not run. */
  left: z.array(z.string()),
  /** Of all drills those that the target cannot do, and why, in words. */
  leftOut: z.array(z.string()).default([]),
});
export type Suite = z.infer<typeof suiteSchema>;
