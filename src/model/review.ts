import { z } from 'zod';
import { capacitySchema } from './capacity.ts';
import type { Outcome } from './verdict.ts';
import { outcomeSchema, runStatuses } from './verdict.ts';

export const decisions = ['go', 'not-enough-evidence', 'no-go'] as const;
export type Decision = (typeof decisions)[number];

/** A decision as an outcome, for exit codes and colours. */
export const outcomeOfDecision: Record<Decision, Outcome> = {
  go: 'pass',
  'not-enough-evidence': 'inconclusive',
  'no-go': 'fail',
};

/** What a run is evidence of, by its target; the weightiest last. */
export const evidenceKinds = ['stand-in', 'reference-platform', 'own-shop'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

export const evidenceKindOf = (target: string): EvidenceKind =>
  target === 'attached' ? 'own-shop' : target === 'kubernetes' ? 'reference-platform' : 'stand-in';

const count = z.number().int().nonnegative();
const iso = z.iso.datetime({ precision: 3 });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const words = z.string().trim().min(1);

/** What evidence is tied to: where one of these differs, it is evidence about something else. */
export const identitySchema = z.strictObject({
  /** Of the checkout; null where there is none, as in a package. */
  commit: z.string().nullable(),
  dirty: z.boolean().nullable(),
  /** What the platform is made of, by name: config, images, workloads, nodes, and the like. */
  versions: z.record(z.string(), z.string()),
});
export type Identity = z.infer<typeof identitySchema>;

const riskSchema = z.strictObject({
  id: words,
  title: words,
  owner: words,
  /** What it explains: `az-outage` any broken promise of a drill but lost orders, `az-outage:orders.lost` this one; and `capacity`. */
  covers: z.array(words).default([]),
  /** Who lets the launch go on all the same, and why. */
  waiver: z.strictObject({ by: words, reason: words }).optional(),
  /** The last day on which it holds. */
  until: z.iso.date(),
});
export type Risk = z.infer<typeof riskSchema>;

/** What people know and drills do not: risks.yaml. */
export const risksSchema = z.strictObject({
  risks: z.array(riskSchema).default([]),
  /** Days on which nothing is drilled but the pocket region. */
  freezes: z.array(z.strictObject({ from: z.iso.date(), to: z.iso.date(), what: words })).default([]),
  /** What production has left of the month. */
  errorBudget: z.strictObject({ left: z.number().min(0).max(1), asOf: z.iso.date(), source: words }).optional(),
});
export type Risks = z.infer<typeof risksSchema>;

/** What is asked of a drill. */
const askedDrillSchema = z.strictObject({
  drill: z.string(),
  title: z.string(),
  /** Runs that have to count: by the percentile of its recovery, or one where it promises none. */
  runsNeeded: count,
  /** SHA-256 of what a run's plan has to be. */
  plan: sha256,
});
export type AskedDrill = z.infer<typeof askedDrillSchema>;

const untestedSchema = z.strictObject({ what: z.string(), why: z.string() });

/** What a review is decided by, besides the runs: input.json. */
export const reviewInputSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  /** The day for which it is asked. */
  peak: z.iso.date(),
  createdAt: iso,
  command: z.string(),
  target: z.string(),
  profile: z.string(),
  /** The traffic as 1:n of the reference platform's; null: the profile or a config sets it. */
  scale: z.number().nullable(),
  /** The percentile of recovery that the runs have to bound, in percent. */
  percentile: z.number(),
  /** How old a run may be. */
  freshDays: z.number().positive(),
  identity: identitySchema,
  drills: z.array(askedDrillSchema),
  /** Whether a person named the drills: a review of some of them is none of all. */
  named: z.boolean(),
  /** SHA-256 of what the plan of a run in steps has to be; null: none is asked for. */
  capacityPlan: sha256.nullable(),
  /** Drills that the target cannot do, and why. */
  leftOut: z.array(untestedSchema),
  risks: risksSchema,
});
export type ReviewInput = z.infer<typeof reviewInputSchema>;

const promiseSchema = z.strictObject({
  /** A finding's id. */
  id: z.string(),
  title: z.string(),
  /** Runs in which it was kept, broken, or could not be told. */
  kept: count,
  broken: count,
  undecided: count,
  outcome: outcomeSchema,
  /** What the worst of the runs says, with its numbers. */
  worst: z.string(),
  worstRun: z.string(),
  /** Of a recovery, by all runs in which it was measured, or not seen to its end: slow ones must not be left out. */
  recovery: z
    .strictObject({
      objectiveMs: z.number(),
      /** With its uncertainty; null: at least one did not recover while it was watched. */
      worstMs: z.number().nullable(),
      /** So many percent of recoveries are no longer than the worst, at 95 % confidence; null where there are too few to say half. */
      percentile: z.number().nullable(),
    })
    .nullable(),
});
export type ReviewedPromise = z.infer<typeof promiseSchema>;

const evidenceRunSchema = z.strictObject({
  runId: z.string(),
  /** Below the review's folder. */
  folder: z.string(),
  status: z.enum(runStatuses),
  outcome: outcomeSchema,
  startedAt: iso,
  /** Of its verdict. */
  sha256,
});

const drillSchema = z.strictObject({
  drill: z.string(),
  title: z.string(),
  runsNeeded: count,
  passed: count,
  failed: count,
  /** Neither passed to their end nor broke a promise: they count in nothing. */
  undecided: count,
  outcome: outcomeSchema,
  /** The risks whose waivers cover all that it broke; empty where they do not. */
  waivedBy: z.array(z.string()),
  promises: z.array(promiseSchema),
  runs: z.array(evidenceRunSchema),
  /** Runs in which an alert on the error budget would have paged, or opened a ticket. */
  alerts: z.strictObject({ of: count, paged: count, ticketed: count, pageSoonestMs: z.number().nullable() }),
  /** Each step of its runbook, and who did it last in a drill, and when; null: it has none, or no run tells. */
  runbook: z
    .array(z.strictObject({ title: z.string(), by: z.string().nullable(), doneAt: z.string().nullable() }))
    .nullable(),
  /** The largest share of the month's error budget that a run burned; null: not measured. */
  burnedRatio: z.number().nullable(),
});
export type ReviewedDrill = z.infer<typeof drillSchema>;

/** A readiness review: review.json. */
export const reviewSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  peak: z.iso.date(),
  createdAt: iso,
  /** From then on it says nothing. */
  validUntil: iso,
  command: z.string(),
  target: z.string(),
  profile: z.string(),
  /** The traffic as 1:n of the reference platform's; null: the profile or a config sets it. */
  scale: z.number().nullable(),
  /** What the evidence is of: only what was shown on one's own shop is said of production. */
  evidence: z.enum(evidenceKinds),
  decision: z.enum(decisions),
  /** The decision in a sentence. */
  headline: z.string(),
  reasons: z.array(z.strictObject({ speaks: z.enum(['against', 'missing', 'waived']), text: z.string() })),
  percentile: z.number(),
  freshDays: z.number(),
  /** Whether it is about some drills alone, which a person named. */
  named: z.boolean(),
  identity: identitySchema,
  drills: z.array(drillSchema),
  /** What a run in steps has shown, with the checksum of its verdict; null: there is no fresh one, or none was asked for. */
  capacity: capacitySchema.extend({ sha256 }).nullable(),
  /** Between what was drilled and production, one line each. */
  gaps: z.array(z.string()),
  notTested: z.array(untestedSchema),
  risks: risksSchema,
});
export type Review = z.infer<typeof reviewSchema>;

export const reviewFileNames = {
  input: 'input.json',
  review: 'review.json',
  manifest: 'manifest.json',
  signature: 'manifest.sig.json',
} as const;

/** Every file of a review's folder with its checksum, but itself and its signature: manifest.json. */
export const reviewManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  review: z.string(),
  files: z.record(z.string(), z.strictObject({ sha256, bytes: count })),
});
export type ReviewManifest = z.infer<typeof reviewManifestSchema>;

/** A signature of the bytes of manifest.json: manifest.sig.json. */
export const reviewSignatureSchema = z.strictObject({
  algorithm: z.literal('Ed25519'),
  /** SPKI, PEM. */
  publicKey: z.string(),
  /** Base64. */
  signature: z.string(),
});
export type ReviewSignature = z.infer<typeof reviewSignatureSchema>;
