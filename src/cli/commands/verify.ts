import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { invalid } from '../../model/errors.ts';
import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import { reviewFileNames, reviewInputSchema } from '../../model/review.ts';
import { plural } from '../../report/format.ts';
import { decide } from '../../review/decide.ts';
import { checkManifest } from '../../review/manifest.ts';
import { judgedOtherwise, readCapacity, readEvidence } from '../../review/read-evidence.ts';
import { readJson } from '../../runtime/files.ts';

export interface VerifyOptions {
  /** The file of a public key. */
  publicKey?: string;
  json: boolean;
}

/** Checks a review by its folder alone: that nothing of it has changed, who signed it, and that its evidence gives its decision. */
export async function verifyCommand(folder: string, options: VerifyOptions): Promise<ExitCode> {
  const publicKey = options.publicKey === undefined ? undefined : await readPublicKey(options.publicKey);
  const { review, problems, files, signedBy } = await checkManifest(folder, publicKey);
  // What was changed is no evidence of anything.
  const otherwise = problems.length === 0 ? await decidedOtherwise(folder) : [];
  const signer =
    signedBy === null
      ? 'it was not signed'
      : `signed by the key ${signedBy.fingerprint}${publicKey === undefined ? '; --public-key checks that it is whose you think' : ''}`;
  const lines =
    problems.length > 0
      ? [`review ${review} is not as it was written:`, ...problems.map((problem) => `  ${problem}`)]
      : [
          `review ${review} is as it was written: ${plural(files, 'file')}, ${signer}`,
          ...otherwise.map((line) => `  by today's rules: ${line}`),
        ];
  const answer = { review, holds: problems.length === 0, problems, signedBy, byTodaysRules: otherwise };
  process.stdout.write(`${options.json ? JSON.stringify(answer, null, 2) : lines.join('\n')}\n`);
  return problems.length === 0 ? exitCodes.pass : exitCodes.fail;
}

const readPublicKey = async (path: string): Promise<string> =>
  await readFile(path, 'utf8').catch((error: Error) => {
    throw invalid(`the public key cannot be read: ${error.message}`, 'openssl pkey -in KEY -pubout writes it');
  });

/** The rules of judging may change over the years: that is told, and makes no review a false one. */
async function decidedOtherwise(folder: string): Promise<string[]> {
  const input = reviewInputSchema.safeParse(await readJson(join(folder, reviewFileNames.input)));
  if (!input.success) return ['its input cannot be read'];
  const again = decide(input.data, await readEvidence(folder), await readCapacity(folder));
  const stored = await readJson(join(folder, reviewFileNames.review));
  const same = isDeepStrictEqual(JSON.parse(JSON.stringify(again)), stored);
  return [
    ...(same ? [] : [`its evidence gives another review: ${again.headline}`]),
    ...(await judgedOtherwise(folder)),
  ];
}
