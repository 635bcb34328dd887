import type { KeyObject } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Review, type ReviewInput, reviewFileNames } from '../model/review.ts';
import { reviewMarkdown } from '../report/review/markdown.ts';
import { reviewHtml } from '../report/review/page.ts';
import { isFile, makeFolder, writeAtomically, writeJson } from '../runtime/files.ts';
import { decide } from './decide.ts';
import type { FreshRun } from './find-evidence.ts';
import { writeManifest } from './manifest.ts';
import { readEvidence } from './read-evidence.ts';

/** What of a run goes into a review: all that its verdict is made of, and the checksums of its evidence. */
const copied = ['verdict.json', 'facts.json', 'plan.json', join('evidence', 'manifest.json')];

/**
 * Decides, and writes a folder that can be checked by itself: evidence, decision, reports, checksums.
 * @param runs that are evidence, in their own folders
 */
export async function writeReview(
  folder: string,
  input: ReviewInput,
  runs: readonly FreshRun[],
  key: KeyObject | undefined,
): Promise<Review> {
  for (const { path, verdict } of runs)
    await copyRun(path, join(folder, 'evidence', verdict.drill, basename(verdict.runId)));
  const review = decide(input, await readEvidence(folder));
  await writeJson(join(folder, reviewFileNames.input), input);
  await writeJson(join(folder, reviewFileNames.review), review);
  await writeAtomically(join(folder, 'review.html'), reviewHtml(review));
  await writeAtomically(join(folder, 'summary.md'), reviewMarkdown(review));
  await writeManifest(folder, input.id, key);
  return review;
}

async function copyRun(from: string, to: string): Promise<void> {
  await makeFolder(join(to, 'evidence'));
  for (const name of copied) if (isFile(join(from, name))) await copyFile(join(from, name), join(to, name));
}
