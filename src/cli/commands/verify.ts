import { describeCheckout } from '../../drill/environment.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { plural } from '../../report/format.ts';
import { readPublicKey } from '../../review/manifest.ts';
import { verifyReview } from '../../review/verify-review.ts';

export interface VerifyOptions {
  /** The file of a public key. */
  publicKey?: string;
  json: boolean;
}

/** Checks a review by its folder alone. */
export async function verifyCommand(folder: string, options: VerifyOptions): Promise<ExitCode> {
  const publicKey = options.publicKey === undefined ? undefined : await readPublicKey(options.publicKey);
  const { review, problems: changed, files, signedBy, byTodaysRules, commit } = await verifyReview(folder, publicKey);
  const { commit: ours, dirty } = await describeCheckout();
  // The same tenfold cannot have decided otherwise.
  const isSame = commit !== null && commit === ours && dirty === false;
  const problems = [...changed, ...(isSame ? byTodaysRules : [])];
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
