import { join, relative } from 'node:path';
import { TenfoldError } from '../model/errors.ts';
import { type ExitCode, exitCodes } from '../model/exit-codes.ts';
import { type Identity, type Review, reviewFileNames, reviewSchema } from '../model/review.ts';
import { plural } from '../report/format.ts';
import { decisionWords } from '../report/review/words.ts';
import { identityDifferences } from '../review/identity.ts';
import { verifyReview } from '../review/verify-review.ts';
import { isFile, readJson } from '../runtime/files.ts';

/** What the newest review has to be for. */
export interface GateQuestion {
  identity: Identity;
  target: string;
  profile: string;
  /** As 1:n; undefined: whatever it was. */
  scale: number | undefined;
  /** Empty: all drills. */
  names: readonly string[];
  peak: string | undefined;
  percentile: number;
  freshDays: number;
  /** PEM of the key that has to have signed it. */
  publicKey: string | undefined;
  /** Epoch ms. */
  atMs: number;
}

/** What a release gate asks: whether the newest review says go, still, and of what is there now. */
export interface ReviewCheck {
  /** Its folder; null: there is none. */
  folder: string | null;
  /** Why it does not hold; empty where it does. */
  problems: string[];
}

/** @param reviews the folder of all reviews */
export async function checkReview(reviews: string, asked: GateQuestion): Promise<ReviewCheck> {
  const folder = join(reviews, 'latest');
  if (!isFile(join(folder, reviewFileNames.review))) return { folder: null, problems: ['there is no review'] };
  try {
    const { problems, byTodaysRules } = await verifyReview(folder, asked.publicKey);
    if (problems.length > 0) return { folder, problems };
    const parsed = reviewSchema.safeParse(await readJson(join(folder, reviewFileNames.review)));
    if (!parsed.success) return { folder, problems: ['it is of another version of tenfold'] };
    return { folder, problems: [...byTodaysRules, ...shortcomings(parsed.data, asked)] };
  } catch (error) {
    if (error instanceof TenfoldError || error instanceof SyntaxError) return { folder, problems: [error.message] };
    throw error;
  }
}

/** Why a review is not one that the gate may open for. */
function shortcomings(review: Review, asked: GateQuestion): string[] {
  const { decision, validUntil, identity, peak, target, percentile, freshDays } = review;
  return [
    ...(decision === 'go' ? [] : [`it says ${decisionWords[decision]}`]),
    ...(validUntil > new Date(asked.atMs).toISOString() ? [] : [`it held until ${validUntil}`]),
    ...(asked.peak === undefined || asked.peak === peak ? [] : [`it is for the peak of ${peak}, not of ${asked.peak}`]),
    ...(asked.target === target ? [] : [`it is about the target ${target}, not about ${asked.target}`]),
    ...(asked.profile === review.profile ? [] : [`it is of the profile ${review.profile}, not of ${asked.profile}`]),
    ...(asked.scale === undefined || asked.scale === review.scale
      ? []
      : [`it is of ${scaleWords(review.scale)} of the reference platform's traffic, not of 1:${asked.scale}`]),
    ...narrower(review, asked.names),
    ...(percentile >= asked.percentile
      ? []
      : [`it bounds the ${percentile}th percentile of recovery, not the ${asked.percentile}th`]),
    ...(freshDays <= asked.freshDays
      ? []
      : [`it counts runs of ${plural(freshDays, 'day')}, not of ${asked.freshDays}`]),
    ...identityDifferences(identity, asked.identity),
  ];
}

const scaleWords = (scale: number | null): string => (scale === null ? 'no share' : `1:${scale}`);

function narrower({ named, drills }: Review, names: readonly string[]): string[] {
  const has = drills.map(({ drill }) => drill);
  if (names.length === 0)
    return named ? [`it is about ${has.join(', ')} alone: name them to --check too if that is enough`] : [];
  const lacking = names.filter((name) => !has.includes(name));
  return lacking.length === 0 ? [] : [`it is not about ${lacking.join(', ')}`];
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
