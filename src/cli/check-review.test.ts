import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  askedReview,
  identity,
  reviewedDrill,
  reviewedProfile,
  writtenReview,
} from '../../tests/support/runs/stored-review.ts';
import { storeRun } from '../../tests/support/runs/stored-run.ts';
import { storeSteps } from '../../tests/support/runs/stored-steps.ts';
import type { ReviewInput } from '../model/review.ts';
import { checksum } from '../runtime/files.ts';
import { checkReview, type GateQuestion } from './check-review.ts';

let reports: string;
let folder: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'tenfold-gate-'));
  folder = join(reports, 'review', 'a-review');
});
afterEach(async () => {
  await rm(reports, { recursive: true });
});

/** A review that says go, but for what a test changes. */
async function reviewed(change: Partial<ReviewInput> = {}, key?: KeyObject): Promise<void> {
  for (const day of [6, 7, 8, 9]) await storeRun(reports, { day });
  await storeSteps(reports, { day: 9.1 });
  await writtenReview(reports, { ...(await askedReview(reports)), ...change }, key);
  await symlink('a-review', join(reports, 'review', 'latest'));
}

const atMs = Date.parse('2026-01-17T00:00:00.000Z');
const problemsFor = async (asked: Partial<GateQuestion> = {}): Promise<string[]> => {
  const [target, profile, names] = ['local', reviewedProfile, []];
  const question = {
    identity,
    target,
    profile,
    scale: undefined,
    names,
    peak: undefined,
    percentile: 50,
    freshDays: 14,
  };
  return (await checkReview(join(reports, 'review'), { ...question, publicKey: undefined, atMs, ...asked })).problems;
};
const likeThis = (text: string) => [expect.stringContaining(text)];

test('a gate opens for a review that says go, holds, and is of what is there', async () => {
  await reviewed();
  expect(await problemsFor()).toEqual([]);
  expect(await problemsFor({ peak: '2026-01-20', names: [reviewedDrill] })).toEqual([]);
});

test('it stays closed where there is none, or only one that says otherwise', async () => {
  expect(await problemsFor()).toEqual(['there is no review']);
  await storeRun(reports, { day: 9.5, lost: 3 });
  await reviewed();
  expect(await problemsFor()).toEqual(['it says NO-GO']);
});

test('it stays closed for a review that is over, of another commit, target or peak, or that asked for less', async () => {
  await reviewed();
  expect(await problemsFor({ identity: { ...identity, commit: 'other' } })).toEqual(likeThis('commit: it was c0ffee'));
  expect(await problemsFor({ profile: 'readiness' })).toEqual(likeThis('not of readiness'));
  expect(await problemsFor({ scale: 60 })).toEqual(likeThis('not of 1:60'));
  expect(await problemsFor({ target: 'kubernetes' })).toEqual(likeThis('about the target local'));
  expect(await problemsFor({ peak: '2026-01-21' })).toEqual(likeThis('for the peak of 2026-01-20'));
  expect(await problemsFor({ percentile: 90 })).toEqual(likeThis('the 50th percentile of recovery, not the 90th'));
  expect(await problemsFor({ freshDays: 7 })).toEqual(likeThis('runs of 14 days, not of 7'));
  expect(await problemsFor({ names: ['az-outage'] })).toEqual(likeThis('not about az-outage'));
  const after = Date.parse('2026-01-21T00:00:00.001Z');
  expect(await problemsFor({ atMs: after })).toEqual(likeThis('it held until 2026-01-2'));
});

test('a review of drills that somebody named opens it only for these', async () => {
  await reviewed({ named: true, capacityPlan: null });
  expect(await problemsFor()).toEqual(likeThis(`about ${reviewedDrill} alone`));
  expect(await problemsFor({ names: [reviewedDrill] })).toEqual([]);
});

test('a decision that its evidence does not give is found out, whoever wrote the checksums anew', async () => {
  await storeRun(reports, { day: 9.5, lost: 3 });
  await reviewed();
  const path = join(folder, 'review.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"decision": "no-go"', '"decision": "go"'));
  expect(await problemsFor()).toEqual(['review.json was changed']);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  manifest.files['review.json'] = await checksum(path);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  expect(await problemsFor()).toEqual(likeThis('its evidence gives another review'));
});

test('with a key it stays closed for what was not signed by it', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await reviewed({}, privateKey);
  expect(await problemsFor({ publicKey: pem })).toEqual([]);
  await rm(join(folder, 'manifest.sig.json'));
  expect(await problemsFor({ publicKey: pem })).toEqual(likeThis('it was not signed'));
});

test('what was cut, or has no checksums, is a closed gate and no error', async () => {
  await reviewed();
  await truncate(join(folder, 'review.json'), 100);
  expect(await problemsFor()).toEqual(['review.json was changed']);
  await truncate(join(folder, 'manifest.json'), 100);
  expect(await problemsFor()).toEqual(likeThis('cannot be read'));
  await rm(join(folder, 'manifest.json'));
  expect(await problemsFor()).toEqual(likeThis('has no manifest.json'));
});
