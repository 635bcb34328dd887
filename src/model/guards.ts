import { z } from 'zod';
import { readingSchema } from './reading.ts';

/** The schema of what must hold before a user's own shop is drilled. docs/SAFETY.md explains each guard. */

const timeZone = z.string().refine(
  (name) => {
    try {
      return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
    } catch {
      return false;
    }
  },
  { error: 'must be the name of a time zone, such as Europe/Berlin or UTC' },
);
const isRealDate = (text: string): boolean => {
  const date = new Date(`${text.slice(0, 10)}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
};
const dateOrMinute = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d)?$/, 'must be such as 2026-11-27 or 2026-11-27T18:00')
  .refine(isRealDate, { error: 'is no day of the calendar' });
const hour = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be such as 09:30, or 24:00');
export const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** No drill from one date to another, both included; or in these hours on these days of every week. */
const freezeSchema = z.union([
  z
    .strictObject({ why: z.string().min(1), timeZone, from: dateOrMinute, to: dateOrMinute })
    .refine(({ from, to }) => from.slice(0, 10) <= to.slice(0, 10), { error: 'ends before it begins' }),
  z.strictObject({
    why: z.string().min(1),
    timeZone,
    days: z.array(z.enum(days)).min(1),
    /** From one hour to another, across midnight where the first is later. */
    hours: z.tuple([hour, hour]).default(['00:00', '24:00']),
  }),
]);
export type Freeze = z.infer<typeof freezeSchema>;

/** A name, optionally with * for its first label: `*.staging.example`. */
const hostPattern = z
  .string()
  .regex(/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$|^\[[0-9a-f:.]+\]$/i, 'must be a host such as shop.staging.example');

export const guardsSchema = z.strictObject({
  /** Hosts that may be drilled; this machine needs no entry. */
  allowedHosts: z.array(hostPattern).default([]),
  /** Contexts of a kubeconfig whose clusters may be drilled. */
  allowedContexts: z.array(z.string().min(1)).default([]),
  /** Where the shop says that it may be drilled. */
  optInPath: z.string().startsWith('/', 'must start with /').default('/.well-known/tenfold'),
  /** What this shop is. Production, according to this, its host's name or its own word, needs --i-mean-production. */
  environment: z.string().min(1).optional(),
  /** The largest share of each kind of resource that a fault may hit. */
  maxHitShare: z.number().gt(0).max(1).default(0.5),
  freezes: z.array(freezeSchema).default([]),
  /** The share of the error budget that is left, as measured elsewhere. */
  errorBudget: z.strictObject({ left: readingSchema, atLeast: z.number().min(0).max(1) }).optional(),
});
export type Guards = z.infer<typeof guardsSchema>;

/** What one guard says. One that cannot be read refuses. */
export interface GuardAnswer {
  guard: string;
  allows: boolean;
  message: string;
  /** What to do if it refuses. */
  remedy?: string;
}

/** Why a cluster may not be drilled, and what would allow it; undefined where it may. */
export const contextRefusal = (
  context: string,
  { allowedContexts }: Pick<Guards, 'allowedContexts'>,
): { message: string; remedy: string } | undefined =>
  allowedContexts.includes(context)
    ? undefined
    : {
        message: `the context ${context} is on no list of what may be drilled`,
        remedy: `if you mean it: guards: { allowedContexts: ['${context}'] }`,
      };
