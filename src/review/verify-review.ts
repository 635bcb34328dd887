import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { TenfoldError } from '../model/errors.ts';
import { type Identity, type ReviewInput, reviewFileNames, reviewInputSchema } from '../model/review.ts';
import { readJson } from '../runtime/files.ts';
import { decide } from './decide.ts';
import { type Checked, checkManifest } from './manifest.ts';
import { judgedOtherwise, readEvidence } from './read-evidence.ts';

/** What a review's folder says of itself. */
export interface Verified extends Checked {
  /** Where its evidence gives something else by the rules of this tenfold, a line each. */
  byTodaysRules: string[];
  /** By which tenfold it was decided; null: not known. */
  by: Pick<Identity, 'commit' | 'versions'> | null;
}

/**
 * Checks a review by its folder alone: that nothing of it has changed, who signed it, and that its evidence gives its decision.
 * @param publicKey PEM of the key that has to have signed it
 * @throws TenfoldError (invalid) when the folder is not that of a review
 */
export async function verifyReview(folder: string, publicKey?: string): Promise<Verified> {
  const checked = await checkManifest(folder, publicKey);
  // What was changed is no evidence of anything.
  if (checked.problems.length > 0) return { ...checked, byTodaysRules: [], by: null };
  try {
    const input = reviewInputSchema.parse(await readJson(join(folder, reviewFileNames.input)));
    return { ...checked, byTodaysRules: await decidedOtherwise(folder, input), by: input.identity };
  } catch (error) {
    const why = error instanceof TenfoldError ? error.message : 'what it was decided by is of another version';
    return { ...checked, byTodaysRules: [`it cannot be decided again by this tenfold: ${why}`], by: null };
  }
}

/** The rules of judging, and the files that a tenfold reads, may change over the years: that is told. */
async function decidedOtherwise(folder: string, input: ReviewInput): Promise<string[]> {
  const again = decide(input, await readEvidence(folder));
  const stored = await readJson(join(folder, reviewFileNames.review));
  const same = isDeepStrictEqual(JSON.parse(JSON.stringify(again)), stored);
  return [
    ...(same ? [] : [`its evidence gives another review: ${again.headline}`]),
    ...(await judgedOtherwise(folder)),
  ];
}
