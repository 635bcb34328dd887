import { z } from 'zod';

/** A platform's catalogue: by whose a protection is (the shop's, the region's), then by its name. */
export const catalogueSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.strictObject({
      /** What it does, in a line. */
      what: z.string().min(1),
      /** The drill that fails without it. */
      drill: z.string().min(1),
      /** The finding by which that drill fails. */
      finding: z.string().min(1),
    }),
  ),
);

/** Something that keeps the shop alive when something breaks, and the drill and finding that guard it. */
export interface Protection {
  name: string;
  owner: string;
  what: string;
  drill: string;
  finding: string;
}
