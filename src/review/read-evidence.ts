import { join } from 'node:path';
import { capacityOf } from '../capacity/capacity-of.ts';
import { readPlan } from '../drill/read-plan.ts';
import { findRuns } from '../history/find-runs.ts';
import { readRun } from '../history/read-run.ts';
import { capacityName } from '../model/capacity.ts';
import { invalid } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import { verdictSchema } from '../model/verdict.ts';
import { checksum, readJson } from '../runtime/files.ts';
import type { EvidenceRun } from './review-drill.ts';

/** The runs of a review, oldest first, from its own folder. @throws TenfoldError (invalid) when one cannot be read */
export async function readEvidence(folder: string): Promise<EvidenceRun[]> {
  const runs = await Promise.all(
    findRuns(join(folder, 'evidence')).map(async ({ folder: name }): Promise<EvidenceRun> => {
      const path = join(folder, 'evidence', name);
      const [verdict, facts] = await Promise.all([
        readJson(join(path, 'verdict.json')),
        readJson(join(path, 'facts.json')),
      ]);
      const parsed = verdictSchema.safeParse(verdict);
      if (!parsed.success)
        throw invalid(
          `${path}/verdict.json is not a verdict that this tenfold reads`,
          'take the tenfold that wrote it',
        );
      const { sha256 } = await checksum(join(path, 'verdict.json'));
      const evidence = { folder: `evidence/${name}`, sha256, verdict: parsed.data, facts: facts as Facts };
      // Computed anew: a file with it could say anything.
      const isStepped = parsed.data.drill === capacityName;
      return { ...evidence, capacity: isStepped ? capacityOf(evidence.facts, await readPlan(path)) : null };
    }),
  );
  return runs.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
}

const startOf = ({ verdict: { startedAt, runId } }: EvidenceRun): string => `${startedAt} ${runId}`;

/** Where today's rules would judge a run of the review otherwise, a line each. */
export async function judgedOtherwise(folder: string): Promise<string[]> {
  const below = join(folder, 'evidence');
  const read = await Promise.all(
    findRuns(below).map(async ({ folder: name }) => ({ name, run: await readRun(below, name) })),
  );
  return read.flatMap(({ name, run }) => ('why' in run ? [`${name}: ${run.why}`] : []));
}
