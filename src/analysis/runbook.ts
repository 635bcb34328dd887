import { join } from 'node:path';
import { evidenceFiles } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type Tick, tickSchema } from '../model/runbook.ts';
import { isFile, readAtMost } from '../runtime/files.ts';

/** A runbook has some dozens of steps, each of which is done once. */
const mostBytes = 1_000_000;

/** The steps of the plan's runbook, and who said that they did them: whoever said it first. */
export async function runbookFact(evidenceFolder: string, { runbook }: Plan): Promise<Facts['runbook']> {
  if (!runbook) return null;
  const ticks = await readTicks(join(evidenceFolder, evidenceFiles.ticks));
  const { file, sha256, steps } = runbook;
  return {
    file,
    sha256,
    steps: steps.map(({ id, title, moment }) => {
      const tick = ticks.find(({ step }) => step === id);
      return { id, title, moment, doneAt: tick ? new Date(tick.atMs).toISOString() : null, by: tick?.by ?? null };
    }),
  };
}

/** What cannot be read says nothing; that a file is not as it was sealed, its checksum says. */
async function readTicks(path: string): Promise<Tick[]> {
  const text = isFile(path) ? await readAtMost(path, mostBytes).catch(() => '') : '';
  return text.split('\n').flatMap((line) => {
    try {
      return [tickSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
