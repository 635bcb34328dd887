import { z } from 'zod';
import { phases, recoveryPaths } from './objectives.ts';
import { latencyPaths } from './profile.ts';
import { replicaSteps } from './sightings.ts';

/** Worst last: a verdict is its worst finding. */
export const outcomes = ['pass', 'inconclusive', 'fail'] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

/** The worst of some outcomes; inconclusive when nothing was judged. */
export function worst(all: readonly Outcome[]): Outcome {
  if (all.length === 0) return 'inconclusive';
  return all.reduce((a, b) => (outcomes.indexOf(b) > outcomes.indexOf(a) ? b : a));
}

export const runStatuses = ['completed', 'stopped', 'interrupted', 'crashed'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Why a run did not complete, in words without a full stop. */
export const whyEnded = ({ status, reason }: { status: RunStatus; reason: string | null }): string =>
  (reason ?? `it was ${status}, and left no reason`).replace(/\.$/, '');

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
  /** null: reported, not judged, because this profile could not have shown it broken. */
  outcome: outcomeSchema.nullable(),
  /** The plan said before the run that this profile cannot show it kept: then it does not count unless it fails. */
  leftOpen: z.literal(true).optional(),
  /** One sentence with the numbers. */
  message: z.string(),
  /** The values the outcome rests on, by name. */
  evidence: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
});
export type Finding = z.infer<typeof findingSchema>;

/** The outcomes that a verdict rests on. */
export const counted = (findings: readonly Finding[]): Outcome[] =>
  findings.flatMap(({ outcome, leftOpen }) => (outcome === null || (leftOpen && outcome !== 'fail') ? [] : [outcome]));

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
  /** Each lane through the edge on its own: pooled connections and new ones. Pods and nodes are not probed. */
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
  /** null: reported, not judged. */
  outcome: outcomeSchema.nullable(),
});

/** How a pod got to serve that takes another's place, or came in addition. */
const replacementSchema = z.strictObject({
  pod: z.string(),
  node: z.string().nullable(),
  /** The pod that had to go for it; null where none had. */
  replaces: z.string().nullable(),
  steps: z.array(
    z.strictObject({
      step: z.enum(replicaSteps),
      /** From the injection, or from the start of the peak; it happened no later. null: unknown. */
      afterMs: ms.nullable(),
      /** How much earlier it may have been; null where nothing bounds that. */
      uncertaintyMs: ms.nullable(),
      /** Who told of it. */
      source: z.string().nullable(),
      /** Why it is unknown. */
      because: z.string().nullable(),
    }),
  ),
});

/** "failed": that of a failed call, which is worse than any limit. */
const percentile = z.union([ms, z.literal('failed')]).nullable();

const latencySchema = z.strictObject({
  path: z.enum(latencyPaths),
  phase: z.enum(phases),
  count,
  /** Failed, or slower than the limit. */
  bad: count,
  limitMs: ms,
  p50Ms: percentile,
  p95Ms: percentile,
  p99Ms: percentile,
  p999Ms: percentile,
  /** Bounds of the true p99, each at the one-sided error of the judgement. */
  p99LowMs: percentile,
  p99HighMs: percentile,
  /** Over the successful calls only. */
  succeeded: z.strictObject({ count, p50Ms: ms.nullable(), p99Ms: ms.nullable() }),
  /** Calls that started in seconds that others took from the host, and whether the numbers above leave them out. */
  robbed: z.strictObject({ seconds: z.number(), calls: count, bad: count, leftOut: z.boolean() }),
  /** null: no promise covers it. */
  outcome: outcomeSchema.nullable(),
});

export const verdictSchema = z.strictObject({
  schemaVersion: z.literal(2),
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
  /** The pods that came since the fault or the peak; left out where the platform does not tell how. */
  replacements: z.array(replacementSchema).optional(),
  latency: z.array(latencySchema),
  orders: z.strictObject({
    attempted: count.nullable(),
    /** Each attempt is one of these three. */
    acknowledged: count.nullable(),
    rejected: count.nullable(),
    indeterminate: count.nullable(),
    persisted: count.nullable(),
    lost: count.nullable(),
    duplicated: count.nullable(),
    /** In the database, but different from what was asked for or confirmed; null where that cannot be compared. */
    wrong: count.nullable(),
    recovered: count.nullable(),
    unexpected: count.nullable(),
    outcome: outcomeSchema,
  }),
  /** One budget per promise. */
  errorBudget: z.strictObject({
    objective: z.number(),
    windowDays: z.number().int(),
    promises: z.array(
      z.strictObject({
        path: z.enum(latencyPaths),
        goodEvents: count.nullable(),
        badEvents: count.nullable(),
        /** Share of the window's budget that this run burned. */
        burnedRatio: z.number().nullable(),
        /** Calls were still bad when the load ended: at least this much was burned. */
        isLowerBound: z.boolean(),
        outcome: outcomeSchema.nullable(),
      }),
    ),
  }),
  findings: z.array(findingSchema),
});
export type Verdict = z.infer<typeof verdictSchema>;
