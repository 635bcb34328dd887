import { z } from 'zod';
import { outcomeSchema, runStatuses } from './verdict.ts';

const iso = z.iso.datetime({ precision: 3 });

/** How many things a notice tells one by one. */
export const mostItems = 10;

/** What people and programs elsewhere are told at the end of a drill, or of several: docs/notice.schema.json. */
export const noticeSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** What has ended: a drill, several drills, or a matrix of drills and protections. */
  event: z.enum(['drill', 'all', 'prove']),
  /** Of the run, the suite or the matrix; null: it did not begin. */
  id: z.string().nullable(),
  title: z.string(),
  target: z.string(),
  profile: z.string(),
  /** refused: it did not begin. */
  status: z.enum([...runStatuses, 'refused']),
  outcome: outcomeSchema,
  /** The outcome in a sentence or two. */
  headline: z.string(),
  /** Why somebody has to look at the platform, which may not be as it was; null: nobody has to. */
  lookAt: z.string().nullable(),
  startedAt: iso,
  finishedAt: iso.nullable(),
  /** The command that runs this again. */
  command: z.string(),
  /** Findings of a drill, otherwise runs; worst first. */
  items: z
    .array(
      z.strictObject({
        title: z.string(),
        /** null: told, not judged. */
        outcome: outcomeSchema.nullable(),
        message: z.string(),
      }),
    )
    .max(mostItems),
  /** How many more there are. */
  itemsLeftOut: z.number().int().nonnegative(),
  /** Where CI publishes the report; null where nobody said. */
  reportUrl: z.string().nullable(),
  /** The same of the picture of the run. */
  pictureUrl: z.string().nullable(),
  /** The picture itself, as a data URI of a PNG; null where there is none. */
  picture: z.string().nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;

const secretSchema = z.strictObject({
  env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
});

const common = {
  /** Who has it may write there, so it is a secret. */
  url: secretSchema,
  /** not-pass: only what failed, was inconclusive, or has to be looked at. */
  when: z.enum(['always', 'not-pass']).default('always'),
};

/** Who is told at the end: docs/NOTIFYING.md. */
export const notifySettingsSchema = z.strictObject({
  targets: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('slack'), ...common }),
        z.strictObject({ kind: z.literal('teams'), ...common }),
        z.strictObject({ kind: z.literal('webhook'), ...common, secret: secretSchema.optional() }),
      ]),
    )
    .min(1),
});
export type NotifyTarget = z.infer<typeof notifySettingsSchema>['targets'][number];
