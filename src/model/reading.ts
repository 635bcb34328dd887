import { z } from 'zod';
import { commandSchema } from './command.ts';

/** Where a user's own number comes from: the last line that a command prints, or one value of a PromQL query. */
export const readingSchema = z.union([
  z.strictObject({ command: commandSchema }),
  z.strictObject({
    prometheus: z.url({
      protocol: /^https?$/,
      error: 'must be the URL of a Prometheus, such as http://prometheus:9090',
    }),
    query: z.string().min(1),
    /** For the Authorization header, by the name of an environment variable. */
    token: z
      .strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), prefix: z.string().default('Bearer ') })
      .optional(),
  }),
]);
export type Reading = z.infer<typeof readingSchema>;
