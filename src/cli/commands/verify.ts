import { describeCheckout, packageVersion } from '../../drill/environment.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { plural } from '../../report/format.ts';
import { readPublicKey } from '../../review/manifest.ts';
import { type Verified, verifyReview } from '../../review/verify-review.ts';

export interface VerifyOptions {
  /** The file of a public key. */
  publicKey?: string;
  json: boolean;
}

/** Checks a review by its folder alone. */
export async function verifyCommand(folder: string, options: VerifyOptions): Promise<ExitCode> {
  const publicKey = options.publicKey === undefined ? undefined : await readPublicKey(options.publicKey);
  const { review, problems: changed, files, signedBy, byTodaysRules, by } = await verifyReview(folder, publicKey);
  const problems = [...changed, ...((await isBySame(by)) ? byTodaysRules : [])];
  const signer =
    signedBy === null
      ? 'it was not signed'
      : `signed by the key ${signedBy.fingerprint}${publicKey === undefined ? '; --public-key checks that it is whose you think' : ''}`;
  const lines =
    problems.length > 0
      ? [`review ${review} is not as it was written:`, ...problems.map((problem) => `  ${problem}`)]
      : [
          `review ${review} is as it was written: ${plural(files, 'file')}, ${signer}`,
          ...byTodaysRules.map((line) => `  by today's rules: ${line}`),
        ];
  const answer = { review, holds: problems.length === 0, problems, signedBy, byTodaysRules };
  process.stdout.write(`${options.json ? JSON.stringify(answer, null, 2) : lines.join('\n')}\n`);
  return problems.length === 0 ? exitCodes.pass : exitCodes.fail;
}

/** The same tenfold cannot have decided otherwise: a checkout is known by its commit, and a package by its version. */
async function isBySame(by: Verified['by']): Promise<boolean> {
  const { commit, dirty } = await describeCheckout();
  if (by === null) return false;
  if (commit === null) return by.commit === null && by.versions.tenfold === packageVersion().tenfold;
  return by.commit === commit && dirty === false;
}
