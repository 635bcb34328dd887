import { z } from 'zod';
import { phases, recoveryPaths } from './objectives.ts';
import { latencyPaths } from './profile.ts';

/** Worst last: a verdict is its worst finding. */
export const outcomes = ['pass', 'inconclusive', 'fail'] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

/** The worst of some outcomes; nothing judged is inconclusive. */
export function worst(all: readonly Outcome[]): Outcome {
  if (all.length === 0) return 'inconclusive';
  return all.reduce((a, b) => (outcomes.indexOf(b) > outcomes.indexOf(a) ? b : a));
}

export const runStatuses = ['completed', 'stopped', 'interrupted', 'crashed'] as const;
export type RunStatus = (typeof runStatuses)[number];

const iso = z.iso.datetime({ precision: 3 });
const ms = z.number();
const count = z.number().int().nonnegative();

export const environmentSchema = z.strictObject({
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  versions: z.record(z.string(), z.string()),
  /** e.g. "1:10 of the reference platform's request rate". */
  scale: z.string(),
  /** What differs from production, one line each. */
  fidelity: z.array(z.string()),
  /** SHA-256 over what the result depends on: drill, profile, protections, versions. */
  fingerprint: z.string(),
});
export type Environment = z.infer<typeof environmentSchema>;

export const findingSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  outcome: outcomeSchema,
  /** One sentence with the numbers. */
  message: z.string(),
  /** The values the outcome rests on, by name. */
  evidence: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
});
export type Finding = z.infer<typeof findingSchema>;

const recoverySchema = z.strictObject({
  path: z.enum(recoveryPaths),
  objectiveMs: ms,
  /** Injection to restored service; null when it did not recover or could not be measured. */
  actualMs: ms.nullable(),
  uncertaintyMs: ms.nullable(),
  outageStart: iso.nullable(),
  outageEnd: iso.nullable(),
  /** Total time of failed probes, or of too few ready pods or nodes; flaps included. */
  badMs: ms.nullable(),
  /** How often the outage opened again after it had ended. */
  flaps: count.nullable(),
  serviceRestoredMs: ms.nullable(),
  performanceRestoredMs: ms.nullable(),
  phases: z.array(z.strictObject({ name: z.string(), startMs: ms, endMs: ms })),
  /** Each lane through the edge by itself: pooled connections and new ones. Pods and nodes are not probed. */
  lanes: z
    .array(
      z.strictObject({
        lane: z.string(),
        connection: z.string(),
        /** Between two probes. */
        intervalMs: ms,
        outageStart: iso.nullable(),
        /** Of outageStart. */
        startUncertaintyMs: ms.nullable(),
        outageEnd: iso.nullable(),
        serviceRestoredMs: ms.nullable(),
        performanceRestoredMs: ms.nullable(),
        /** Of serviceRestoredMs and outageEnd. */
        uncertaintyMs: ms,
        badMs: ms,
        flaps: count,
      }),
    )
    .optional(),
  replicas: z.array(
    z.strictObject({
      replica: z.string(),
      zone: z.string(),
      actualMs: ms.nullable(),
      /** Why the platform took the replica away; null when it did not. */
      takenAway: z.string().nullable(),
    }),
  ),
  outcome: outcomeSchema,
});

const latencySchema = z.strictObject({
  path: z.enum(latencyPaths),
  phase: z.enum(phases),
  count,
  /** Failed, or slower than the limit. */
  bad: count,
  limitMs: ms,
  p50Ms: ms.nullable(),
  p95Ms: ms.nullable(),
  p99Ms: ms.nullable(),
  p999Ms: ms.nullable(),
  /** Bounds of the true p99, each at one-sided 95 %. */
  p99LowMs: ms.nullable(),
  p99HighMs: ms.nullable(),
  /** null: reported, not judged. */
  outcome: outcomeSchema.nullable(),
});

export const verdictSchema = z.strictObject({
  schemaVersion: z.literal(1),
  drill: z.string(),
  runId: z.string(),
  target: z.string(),
  profile: z.string(),
  /** The command that runs this drill again. */
  command: z.string(),
  status: z.enum(runStatuses),
  outcome: outcomeSchema,
  startedAt: iso,
  finishedAt: iso.nullable(),
  environment: environmentSchema,
  load: z.strictObject({
    baselineRatePerSecond: z.number().nullable(),
    peakRatePerSecond: z.number().nullable(),
    plannedPeakRatePerSecond: z.number(),
    peakProvenAt: iso.nullable(),
    dropped: count.nullable(),
    generator: z.strictObject({
      name: z.string(),
      version: z.string(),
      exitCode: z.number().int().nullable(),
      maxVus: count.nullable(),
      availableVus: count.nullable(),
    }),
  }),
  fault: z
    .strictObject({
      kind: z.string(),
      injectedAt: iso.nullable(),
      provenAt: iso.nullable(),
      revertedAt: iso.nullable(),
      /** What showed that the fault bit. */
      proof: z.string().nullable(),
    })
    .nullable(),
  recovery: z.array(recoverySchema),
  latency: z.array(latencySchema),
  orders: z.strictObject({
    attempted: count.nullable(),
    acknowledged: count.nullable(),
    persisted: count.nullable(),
    lost: count.nullable(),
    duplicated: count.nullable(),
    indeterminate: count.nullable(),
    recovered: count.nullable(),
    unexpected: count.nullable(),
    outcome: outcomeSchema,
  }),
  errorBudget: z.strictObject({
    objective: z.number(),
    windowDays: z.number().int(),
    goodEvents: count.nullable(),
    badEvents: count.nullable(),
    /** Share of the window's budget that this run burned. */
    burnedRatio: z.number().nullable(),
    outcome: outcomeSchema,
  }),
  findings: z.array(findingSchema),
});
export type Verdict = z.infer<typeof verdictSchema>;
