import { z } from 'zod';
import type { ShopRequest } from './shop-request.ts';

const shopRequestSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.strictObject({ env: z.string(), prefix: z.string() })])),
  body: z.string().nullable(),
  expectStatus: z.array(z.number().int()).min(1),
  /** A shop that says 200 and something else is broken. */
  expectText: z.string(),
  expectJson: z.record(z.string(), z.json()).optional(),
}) satisfies z.ZodType<ShopRequest>;

/** One stream of probes at a fixed rate: what is asked, of whom, and over which kind of connection. */
export const laneSchema = z.strictObject({
  lane: z.string(),
  path: z.enum(['read', 'write']),
  via: z.enum(['edge', 'replica']),
  replica: z.string(),
  zone: z.string(),
  connection: z.enum(['pooled', 'new']),
  baseUrl: z.url(),
  /** Between two probes. */
  intervalMs: z.number().positive(),
  /** What is asked, where it is another shop than the reference one. */
  request: shopRequestSchema.optional(),
});
export type Lane = z.infer<typeof laneSchema>;

/** What the sentinel is told to do. */
export const sentinelSpecSchema = z.strictObject({
  lanes: z.array(laneSchema).min(1),
  tenant: z.string(),
  /** By which a name that has addresses of both is asked. */
  family: z.literal([4, 6]),
  /** A probe without an answer by then has failed. */
  timeoutMs: z.number().positive(),
  output: z.string(),
});
export type SentinelSpec = z.infer<typeof sentinelSpecSchema>;

/** What the sentinel says once a second on its stdout, one JSON a line. Counts are of that second, by lane. */
export const sentinelTickSchema = z.strictObject({
  atMs: z.number(),
  lanes: z.record(z.string(), z.strictObject({ good: z.number(), failed: z.number() })),
  latenessMaxMs: z.number(),
  /** Probes that got no further than this machine, by what it was out of: they are no probes of the shop. */
  unsent: z.record(z.string(), z.number()),
});
export type SentinelTick = z.infer<typeof sentinelTickSchema>;
