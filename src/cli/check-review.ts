import { join, relative } from 'node:path';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import { type Identity, reviewFileNames, reviewSchema } from '../model/review.ts';
import { decisionWords } from '../report/review/words.ts';
import { identityDifferences } from '../review/identity.ts';
import { checkManifest } from '../review/manifest.ts';
import { nowMs } from '../runtime/clock.ts';
import { isFile, readJson } from '../runtime/files.ts';

/** What a release gate asks: whether the newest review says go, still, and of what is there now. */
export interface ReviewCheck {
  /** Its folder; null: there is none. */
  folder: string | null;
  /** Why it does not hold; empty where it does. */
  problems: string[];
}

/** @param reviews the folder of all reviews @param peak the day that it has to be for */
export async function checkReview(reviews: string, now: Identity, peak: string | undefined): Promise<ReviewCheck> {
  const folder = join(reviews, 'latest');
  if (!isFile(join(folder, reviewFileNames.review))) return { folder: null, problems: ['there is no review'] };
  const { problems } = await checkManifest(folder);
  const parsed = reviewSchema.safeParse(await readJson(join(folder, reviewFileNames.review)));
  if (!parsed.success) return { folder, problems: [...problems, 'it is of another version of tenfold'] };
  const { decision, validUntil, identity, peak: of } = parsed.data;
  return {
    folder,
    problems: [
      ...problems,
      ...(decision === 'go' ? [] : [`it says ${decisionWords[decision]}`]),
      ...(validUntil > new Date(nowMs()).toISOString() ? [] : [`it held until ${validUntil}`]),
      ...(peak === undefined || peak === of ? [] : [`it is for the peak of ${of}, not of ${peak}`]),
      ...identityDifferences(identity, now),
    ],
  };
}

/** Prints the answer on stdout. */
export function sayCheck({ folder, problems }: ReviewCheck, { json }: { json: boolean }): ExitCode {
  const place = folder === null ? 'reports/review' : relative(process.cwd(), folder);
  const lines =
    problems.length === 0
      ? [`${place} says GO, and it holds`]
      : [
          `${place} does not hold:`,
          ...problems.map((problem) => `  ${problem}`),
          'npm run review -- --peak YYYY-MM-DD makes one that does',
        ];
  process.stdout.write(
    `${json ? JSON.stringify({ folder, holds: problems.length === 0, problems }, null, 2) : lines.join('\n')}\n`,
  );
  return problems.length === 0 ? exitCodes.pass : exitCodes.fail;
}
