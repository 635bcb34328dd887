import { z } from 'zod';

const limitSchema = z
  .object({ soft: z.union([z.number(), z.literal('unlimited')]) })
  .transform(({ soft }) => (soft === 'unlimited' ? Number.POSITIVE_INFINITY : soft));
const reportSchema = z.object({ userLimits: z.object({ open_files: limitSchema, max_user_processes: limitSchema }) });

/**
 * What this process may have, and what it starts with it. Node has raised its limit of open files to the hard one by now, as k6 does,
 * so that it is what holds in a drill.
 */
export function ownLimits(): { openFiles: number; processes: number } {
  // Its part about the network asks for the names of all peers.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = reportSchema.parse(process.report.getReport());
  return { openFiles: userLimits.open_files, processes: userLimits.max_user_processes };
}
