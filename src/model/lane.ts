import { z } from 'zod';
import type { ShopRequest } from './shop-request.ts';

const shopRequestSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.strictObject({ env: z.string(), prefix: z.string() })])),
  body: z.string().nullable(),
  expectStatus: z.array(z.number().int()).min(1),
  /** A shop that answers 200 with something else is broken. */
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
  /** What is asked, for a shop other than the reference one. */
  request: shopRequestSchema.optional(),
});
export type Lane = z.infer<typeof laneSchema>;

/** What the sentinel is told to do. */
export const sentinelSpecSchema = z.strictObject({
  lanes: z.array(laneSchema).min(1),
  tenant: z.string(),
  /** The IP version for a name that has addresses of both. */
  family: z.literal([4, 6]),
  /** A probe without an answer by then has failed. */
  timeoutMs: z.number().positive(),
  /** The file that its probes go to; in a pod they go to its log, and this is the port that it is asked at. */
  output: z.union([z.string(), z.number().int()]),
});
export type SentinelSpec = z.infer<typeof sentinelSpecSchema>;

/** What the sentinel reports once a second on stdout, one JSON object per line. Counts are for that second, by lane. */
export const sentinelTickSchema = z.strictObject({
  atMs: z.number(),
  lanes: z.record(z.string(), z.strictObject({ good: z.number(), failed: z.number() })),
  latenessMaxMs: z.number(),
  /** Probes that never left this machine, by what it had run out of: they do not count as probes of the shop. */
  unsent: z.record(z.string(), z.number()),
  /** When pods that name themselves first answered rightly through the edge, epoch ms: those of which it was in that second. */
  firstServed: z.record(z.string(), z.number()),
});
export type SentinelTick = z.infer<typeof sentinelTickSchema>;
