import { z } from 'zod';
import type { Fault } from './fault.ts';
import { definedObjectivesSchema } from './objectives.ts';
import type { Runbook } from './runbook.ts';
import { spanSchema } from './span.ts';

const faultSchema = z.custom<Fault>(
  (value) => typeof value === 'object' && value !== null && Array.isArray((value as Fault).ways),
  'must be a fault from chaos/',
);

/** What is drilled and what it is judged by; one file in `scenarios/`, whose name is the drill's name. */
export const drillSchema = z.strictObject({
  title: z.string().min(1),
  /** Why a shop's engineers should care, in a sentence or two. */
  why: z.string().min(1),
  /** null: the traffic alone, which goes back to the baseline at the end. */
  fault: faultSchema.nullable(),
  objectives: definedObjectivesSchema,
  /** The least time that the peak is held before the fault, whatever the profile: autoscaling must be done by then. */
  minPeakMs: spanSchema.optional(),
  /** The least time that the load stays on after the injection, whatever the profile: what is judged must fit in. */
  minAfterFaultMs: spanSchema.optional(),
  /** The name of a file in docs/runbooks/ without its .md: what people do meanwhile. */
  runbook: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be the name of a file in docs/runbooks/, without .md')
    .optional(),
});
export type DrillDefinition = z.infer<typeof drillSchema>;
export type Drill = Omit<DrillDefinition, 'runbook'> & { name: string; runbook?: Runbook };

/** Types a definition; loading validates it and reports all problems at once. */
export const defineDrill = (definition: DrillDefinition): DrillDefinition => definition;
