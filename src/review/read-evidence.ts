import { join } from 'node:path';
import { findRuns } from '../history/find-runs.ts';
import { readRun } from '../history/read-run.ts';
import { capacityFile, capacitySchema } from '../model/capacity.ts';
import { invalid } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import { verdictSchema } from '../model/verdict.ts';
import { checksum, isFile, readJson } from '../runtime/files.ts';
import type { EvidenceOfCapacity } from './review-capacity.ts';
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
      return { folder: `evidence/${name}`, sha256, verdict: parsed.data, facts: facts as Facts };
    }),
  );
  return runs.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
}

/** The run in steps of a review, from its own folder; null where it has none. @throws TenfoldError (invalid) when it cannot be read */
export async function readCapacity(folder: string): Promise<EvidenceOfCapacity | null> {
  const path = join(folder, 'evidence', capacityFile);
  if (!isFile(path)) return null;
  const parsed = capacitySchema.safeParse(await readJson(path));
  if (!parsed.success) throw invalid(`${path} is none that this tenfold reads`, 'take the tenfold that wrote it');
  return { sha256: (await checksum(path)).sha256, capacity: parsed.data };
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
