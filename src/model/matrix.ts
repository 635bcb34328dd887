import { z } from 'zod';
import { environmentSchema, type Outcome, outcomeSchema, runStatuses } from './verdict.ts';

/** What a run with, or without, a protection says about its drill. */
export const cellStates = ['clean', 'caught', 'false-alarm', 'missed', 'inconclusive', 'not-run'] as const;
export type CellState = (typeof cellStates)[number];

/** A state's outcome: a drill that is blind, or that cries wolf, fails. */
export const outcomeOfState: Record<CellState, Outcome> = {
  clean: 'pass',
  caught: 'pass',
  'false-alarm': 'fail',
  missed: 'fail',
  inconclusive: 'inconclusive',
  'not-run': 'inconclusive',
};

const iso = z.iso.datetime({ precision: 3 });

const cellRunSchema = z.strictObject({
  /** The run's folder, relative to the matrix's. */
  folder: z.string(),
  runId: z.string(),
  status: z.enum(runStatuses),
  outcome: outcomeSchema,
  startedAt: iso,
  finishedAt: iso.nullable(),
  /** The verdict's own fingerprint. */
  fingerprint: z.string(),
});
export type CellRun = z.infer<typeof cellRunSchema>;

const cellSchema = z.strictObject({
  drill: z.string(),
  title: z.string(),
  /** null: the whole platform, on which the drill must not fail. */
  without: z.string().nullable(),
  /** The finding by which the drill must fail; null on the whole platform. */
  finding: z.string().nullable(),
  state: z.enum(cellStates),
  /** Why, in a sentence or two, from the run's findings. */
  reason: z.string(),
  /** SHA-256 of what the cell's result depends on: code, drill, profile, protections, versions. */
  fingerprint: z.string(),
  run: cellRunSchema.nullable(),
  /** Folders of the cell's earlier runs, which decided nothing. */
  earlier: z.array(z.string()),
});
export type MatrixCell = z.infer<typeof cellSchema>;

/** Drills against protections: prove.json. */
export const matrixSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  target: z.string(),
  profile: z.string(),
  /** The traffic as 1:n of the reference platform's, the same for all runs; left out where the profile sets it. */
  scale: z.number().optional(),
  /** What was asked for: a drill, some protections; null means all. */
  scope: z.strictObject({ drill: z.string().nullable(), protections: z.array(z.string()).nullable() }),
  /** The command that runs this again. */
  command: z.string(),
  status: z.enum(['running', 'completed', 'interrupted', 'stopped']),
  /** Why it stopped early; null when it did not. */
  stoppedBy: z.string().nullable(),
  outcome: outcomeSchema,
  startedAt: iso,
  finishedAt: iso.nullable(),
  /** Of the newest run; null while there is none. */
  environment: environmentSchema.nullable(),
  protections: z.array(
    z.strictObject({ name: z.string(), owner: z.string(), what: z.string(), drill: z.string(), finding: z.string() }),
  ),
  cells: z.array(cellSchema),
});
export type Matrix = z.infer<typeof matrixSchema>;
