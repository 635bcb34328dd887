import { z } from 'zod';

const commandTimeoutMs = z.number().int().min(100).max(600_000);

/** A program and its arguments. No shell runs them, so nothing in them is ever expanded or split. */
export const commandSchema = z.strictObject({
  argv: z.tuple([z.string().min(1)], z.string(), {
    error: "must be a list of a program and its arguments, such as ['kubectl', 'delete', 'pod', 'x']",
  }),
  timeoutMs: commandTimeoutMs,
});
export type Command = z.infer<typeof commandSchema>;
