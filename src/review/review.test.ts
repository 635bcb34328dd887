import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { carried } from '../../tests/support/carried.ts';
import { runIdOf, type StoredRun, storeRun } from '../../tests/support/runs/stored-run.ts';
import { readPlan } from '../drill/read-plan.ts';
import { type Capacity, capacityFile } from '../model/capacity.ts';
import type { Identity, Review, ReviewInput } from '../model/review.ts';
import { writeJson } from '../runtime/files.ts';
import { decide } from './decide.ts';
import { findCapacity } from './find-capacity.ts';
import { findEvidence, planFingerprint } from './find-evidence.ts';
import { checkManifest } from './manifest.ts';
import { readCapacity, readEvidence } from './read-evidence.ts';
import { runsNeeded } from './runs-needed.ts';
import { writeReview } from './write-review.ts';

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'tenfold-review-'));
  await storeCapacity(carried());
});
afterEach(async () => await rm(reports, { recursive: true }));

const drill = 'aurora-failover';
const identity: Identity = { commit: 'c0ffee', dirty: false, versions: {} };
const now = '2026-01-16T00:00:00.000Z';
const store = async (run: StoredRun): Promise<string> => join(reports, await storeRun(reports, run));
const storeMany = async (days: readonly number[], run: Partial<StoredRun> = {}): Promise<void> => {
  for (const day of days) await store({ ...run, day });
};
const fiveDays = [6, 7, 8, 9, 10];

async function asked(): Promise<ReviewInput> {
  const plan = await readPlan(await store({ day: 10 }));
  return {
    schemaVersion: 1,
    id: 'a-review',
    peak: '2026-01-20',
    createdAt: now,
    command: 'npm run review -- --peak 2026-01-20',
    target: plan.target,
    profile: plan.profile.name,
    percentile: 50,
    freshDays: 14,
    identity,
    drills: [{ drill, title: plan.title, runsNeeded: runsNeeded(50), plan: planFingerprint(plan) }],
    asksCapacity: true,
    leftOut: [{ what: 'az-outage', why: 'no zones' }],
    risks: { risks: [], freezes: [] },
  };
}

const evidenceOf = async (input: ReviewInput) =>
  await findEvidence({ reports, ...input, now: input.createdAt }, () => {});

/** A run in steps, as `capacity` leaves it. */
const storeCapacity = async (capacity: Capacity): Promise<void> =>
  await writeJson(join(reports, 'capacity', capacity.runId, capacityFile), capacity);

async function write(input: ReviewInput, key?: KeyObject): Promise<Review> {
  const { target, identity, freshDays, createdAt } = input;
  const capacity = await findCapacity({ reports, target, identity, freshDays, now: createdAt });
  const folder = join(reports, 'review', input.id);
  // Each review has a folder of its own.
  await rm(folder, { recursive: true, force: true });
  return await writeReview(folder, input, { runs: await evidenceOf(input), capacity }, key);
}

async function reviewed(change: Partial<ReviewInput> = {}): Promise<Review> {
  const input = { ...(await asked()), ...change };
  return await write(input);
}

test('enough runs that all passed are a go, which says how long recovery takes and where it was shown', async () => {
  await storeMany(fiveDays);
  await store({ day: 5, recoveryS: 9.2 });
  const review = await reviewed();
  expect(review).toMatchObject({ decision: 'go', reasons: [], evidence: 'stand-in' });
  expect(review.headline).toContain('nothing is shown of production');
  const recovery = review.drills[0]?.promises.find(({ id }) => id === 'recovery.write');
  expect(recovery).toMatchObject({ kept: 6, broken: 0, worstRun: runIdOf(5), recovery: { percentile: 60 } });
  expect(recovery?.recovery?.worstMs).toBeGreaterThanOrEqual(9_200);
  expect(review.notTested).toContainEqual({ what: 'az-outage', why: 'no zones' });
});

test('too few runs are not enough evidence, and another run of what failed takes no failure back', async () => {
  await storeMany([8, 9]);
  expect(await reviewed()).toMatchObject({
    decision: 'not-enough-evidence',
    reasons: [{ speaks: 'missing', text: expect.stringContaining('passed 3 times of 5') }],
  });
  await storeMany([4, 5, 6, 7]);
  await store({ day: 9.5, lost: 3 });
  expect(await reviewed()).toMatchObject({
    decision: 'no-go',
    reasons: [{ speaks: 'against', text: expect.stringContaining('failed in 1 of 8 runs, by orders.lost') }],
  });
});

test('a waiver covers a failure while it holds at the peak, and not after it', async () => {
  await storeMany(fiveDays);
  await store({ day: 9.5, lost: 3 });
  const risk = {
    id: 'R1',
    title: 'orders get lost',
    owner: 'ann',
    covers: [drill],
    waiver: { by: 'bo', reason: 'it is known' },
  };
  const waivedUntil = async (until: string) => await reviewed({ risks: { risks: [{ ...risk, until }], freezes: [] } });
  expect(await waivedUntil('2026-01-20')).toMatchObject({ decision: 'go', reasons: [{ speaks: 'waived' }] });
  expect(await waivedUntil('2026-01-19')).toMatchObject({ decision: 'no-go' });
});

test('a run counts only if it is of the same commit, plan and platform, on all of it, whole and fresh', async () => {
  const input = await asked();
  const others: Partial<StoredRun>[] = [
    { commit: 'other' },
    { plan: { without: ['quorum-commit'] } },
    { plan: { peakRatePerSecond: 1 } },
    { day: 0 },
  ];
  for (const [index, other] of others.entries()) await store({ day: 6 + index, ...other });
  const edited = await store({ day: 9.7 });
  await writeFile(
    join(edited, 'verdict.json'),
    (await readFile(join(edited, 'verdict.json'), 'utf8')).replace('"outcome": "pass"', '"outcome": "fail"'),
  );
  expect((await evidenceOf(input)).map(({ verdict }) => verdict.runId)).toEqual([runIdOf(10)]);
  expect(await evidenceOf({ ...input, identity: { ...identity, versions: { 'image of shop': 'sha256:1' } } })).toEqual(
    [],
  );
});

test('what it carries is asked for; that it is less than ten times the traffic, or is without a zone, speaks against it', async () => {
  await storeMany(fiveDays);
  const reviewedWith = async (change: Partial<Capacity>): Promise<Review> => {
    await storeCapacity(carried(change));
    return await reviewed();
  };
  expect((await reviewed()).capacity).toMatchObject({ carriedPerSecond: 320 });
  expect(await reviewedWith({ outcome: 'fail' })).toMatchObject({
    decision: 'no-go',
    reasons: [{ text: expect.stringContaining('API p99 was 140 ms') }],
  });
  const zonesLost = { zone: 'a', podsLeft: 4, carriesPerSecond: 90, carriesTenfold: false, because: 'computed' };
  expect(await reviewedWith({ zonesLost })).toMatchObject({ decision: 'no-go' });
  const uncertain = await reviewedWith({ outcome: 'inconclusive', notTrustedBecause: ['this machine gave way first'] });
  expect(uncertain).toMatchObject({ decision: 'go' });
  expect(uncertain.notTested).toContainEqual(expect.objectContaining({ why: 'this machine gave way first' }));
  const another = carried().environment;
  expect(await reviewedWith({ environment: { ...another, commit: 'other' } })).toMatchObject({
    decision: 'not-enough-evidence',
    capacity: null,
  });
});

test('a drill of which no run could judge the recovery is not enough evidence, however often it passed', async () => {
  const brief = { profile: { ...(await readPlan(await store({ day: 10 }))).profile, afterFaultMs: 8_000 } };
  const input = await asked();
  const plan = { ...(await readPlan(await store({ day: 10, plan: brief }))) };
  for (const day of fiveDays) await store({ day, plan: brief });
  const drills = [{ drill, title: plan.title, runsNeeded: 1, plan: planFingerprint(plan) }];
  const review = await write({ ...input, drills });
  expect(review.decision).toBe('not-enough-evidence');
  expect(review.reasons.map(({ text }) => text)).toContainEqual(expect.stringContaining('could judge recovery.write'));
});

test('a checkout with other changes is not enough evidence', async () => {
  await storeMany(fiveDays);
  expect(await reviewed({ identity: { ...identity, dirty: true } })).toMatchObject({ decision: 'not-enough-evidence' });
});

test('it holds until the oldest run is no longer fresh, the peak is over, or a risk ends', async () => {
  await storeMany(fiveDays);
  expect((await reviewed()).validUntil).toBe('2026-01-21T00:00:00.000Z');
  expect((await reviewed({ peak: '2026-02-20' })).validUntil).toBe('2026-01-21T03:00:00.000Z');
  const risk = { id: 'R1', title: 'a risk', owner: 'ann', covers: [], until: '2026-01-15' };
  expect((await reviewed({ risks: { risks: [risk], freezes: [] } })).validUntil).toBe('2026-01-16T00:00:00.000Z');
});

test('its folder alone gives the same review again', async () => {
  await storeMany(fiveDays);
  const review = await reviewed();
  const folder = join(reports, 'elsewhere');
  await cp(join(reports, 'review', 'a-review'), folder, { recursive: true });
  await rm(join(reports, drill), { recursive: true });
  expect(decide(await inputIn(folder), await readEvidence(folder), await readCapacity(folder))).toEqual(review);
  expect(await checkManifest(folder)).toMatchObject({ review: 'a-review', problems: [], signedBy: null });
});

const inputIn = async (folder: string): Promise<ReviewInput> =>
  JSON.parse(await readFile(join(folder, 'input.json'), 'utf8'));

test('what was changed, added or removed is named, and a forged manifest by its signature', async () => {
  const input = { ...(await asked()), id: 'signed' };
  const folder = join(reports, 'review', 'signed');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await write(input, privateKey);
  const pem = (key: typeof publicKey) => key.export({ type: 'spki', format: 'pem' }).toString();
  expect(await checkManifest(folder, pem(publicKey))).toMatchObject({
    problems: [],
    signedBy: { fingerprint: expect.stringMatching(/^SHA256:/) },
  });
  const other = generateKeyPairSync('ed25519').publicKey;
  expect((await checkManifest(folder, pem(other))).problems).toEqual([
    expect.stringContaining('signed by another key'),
  ]);

  await appendFile(join(folder, 'review.json'), '\n');
  await writeFile(join(folder, 'more.txt'), '');
  await rm(join(folder, 'summary.md'));
  expect((await checkManifest(folder)).problems).toEqual([
    'more.txt was added',
    'review.json was changed',
    'summary.md is missing',
  ]);
  await appendFile(join(folder, 'manifest.json'), '\n');
  expect((await checkManifest(folder)).problems).toContain(
    'manifest.json was changed: its signature is not that of its key',
  );
});
