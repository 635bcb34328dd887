import { z } from 'zod';
import { moments } from './moments.ts';

const blockSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['text', 'code']), text: z.string() }),
  z.strictObject({ kind: z.literal('list'), items: z.array(z.string()) }),
]);
export type RunbookBlock = z.infer<typeof blockSchema>;

const stepSchema = z.strictObject({
  /** The anchor of its heading, as GitHub makes it. */
  id: z.string(),
  title: z.string(),
  moment: z.enum(moments),
  blocks: z.array(blockSchema),
});
export type RunbookStep = z.infer<typeof stepSchema>;

/** What people do while a drill runs, and on the day that it is about. docs/RUNBOOKS.md says how one is written. */
export const runbookSchema = z.strictObject({
  /** Where it was read, as it is named by whoever named it. */
  file: z.string(),
  sha256: z.string(),
  title: z.string(),
  steps: z.array(stepSchema),
});
export type Runbook = z.infer<typeof runbookSchema>;

const longestName = 80;

/** Somebody did a step: a line of evidenceFiles.ticks. */
export const tickSchema = z.strictObject({
  atMs: z.number().min(-8e15).max(8e15),
  step: z.string(),
  /** A name, as it was typed. */
  by: z
    .string()
    .trim()
    .min(1, 'say who did it')
    .max(longestName, `a name has at most ${longestName} characters`)
    .regex(/^\P{Cc}*$/u, 'a name has no control characters'),
});
export type Tick = z.infer<typeof tickSchema>;
