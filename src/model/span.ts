import { z } from 'zod';

/**
 * A time on a platform's own clock: how long a zone is dark, a node takes to boot, a pod to start. Written in production's time,
 * and passing faster where a target says so; `wallMs` is added to it, and is the same everywhere. A type other than wall-clock
 * milliseconds, so that the two cannot be mixed up.
 */
export const platformTimeSchema = z.strictObject({
  platformMs: z.number().min(0),
  wallMs: z.number().min(0).optional(),
});
export type PlatformTime = z.infer<typeof platformTimeSchema>;

/** A time by the wall clock, in ms, or by a platform's clock. */
export const spanSchema = z.union([z.number().positive(), platformTimeSchema]);
export type Span = z.infer<typeof spanSchema>;

/** @param timeScale how much faster than production's the target's clock runs */
export const wallMsOf = (span: Span, timeScale: number): number =>
  typeof span === 'number' ? span : span.platformMs / timeScale + (span.wallMs ?? 0);
