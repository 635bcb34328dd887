import { z } from 'zod';

/** A platform's catalogue of protections: by owner (the shop, the region), then by name. */
export const catalogueSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.strictObject({
      /** What it does, in a line. */
      what: z.string().min(1),
      /** The drills that fail without it, each by a finding. */
      guards: z.array(z.strictObject({ drill: z.string().min(1), finding: z.string().min(1) })).min(1),
    }),
  ),
);

/** Something that keeps the shop alive when something breaks, and one drill and finding that guard it. */
export interface Protection {
  name: string;
  owner: string;
  what: string;
  drill: string;
  finding: string;
}
