import { generateKeyPairSync } from 'node:crypto';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planOf } from '../../tests/support/runs/plan.ts';
import {
  askedReview,
  evidenceOf,
  identity,
  reviewedDrill,
  writtenReview,
} from '../../tests/support/runs/stored-review.ts';
import { runIdOf, type StoredRun, storeRun } from '../../tests/support/runs/stored-run.ts';
import { type StoredSteps, storeSteps } from '../../tests/support/runs/stored-steps.ts';
import { readPlan } from '../drill/read-plan.ts';
import type { Review, ReviewInput } from '../model/review.ts';
import { decide } from './decide.ts';
import { planFingerprint, scaleOfEvidence } from './find-evidence.ts';
import { checkManifest } from './manifest.ts';
import { readEvidence } from './read-evidence.ts';

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'tenfold-review-'));
  await storeSteps(reports, { day: 9.1 });
});
afterEach(async () => await rm(reports, { recursive: true }));

const drill = reviewedDrill;
const store = async (run: StoredRun): Promise<string> => join(reports, await storeRun(reports, run));
const storeMany = async (days: readonly number[], run: Partial<StoredRun> = {}): Promise<void> => {
  for (const day of days) await store({ ...run, day });
};
const fiveDays = [6, 7, 8, 9, 10];
const asked = async (): Promise<ReviewInput> => await askedReview(reports);

async function reviewed(change: Partial<ReviewInput> = {}): Promise<Review> {
  const input = { ...(await asked()), ...change };
  return await writtenReview(reports, input);
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
  const waived = async (some: Partial<typeof risk> & { until: string }) =>
    await reviewed({ risks: { risks: [{ ...risk, ...some }], freezes: [] } });
  const byName = [`${drill}:orders.lost`];
  expect(await waived({ covers: byName, until: '2026-01-20' })).toMatchObject({
    decision: 'go',
    headline: expect.stringMatching(/^0 of 1 drill kept every promise.*1 failure is waived/),
    reasons: [{ speaks: 'waived' }],
    drills: [{ waivedBy: ['R1'] }],
  });
  expect(await waived({ covers: byName, until: '2026-01-19' })).toMatchObject({ decision: 'no-go' });
  // Nobody accepts lost orders by the way.
  expect(await waived({ until: '2026-01-20' })).toMatchObject({ decision: 'no-go' });
});

test('what is waived is run as often as everything else', async () => {
  await store({ day: 9.5, checkoutP99Ms: 400 });
  const risk = { id: 'R1', title: 'it is slow', owner: 'ann', covers: [drill], until: '2026-01-20' };
  const waiver = { by: 'bo', reason: 'it is known' };
  expect(await reviewed({ risks: { risks: [{ ...risk, waiver }], freezes: [] } })).toMatchObject({
    decision: 'not-enough-evidence',
    reasons: [{ speaks: 'waived' }, { speaks: 'missing', text: expect.stringContaining('was run 2 times of 5') }],
  });
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
  const runs = await evidenceOf(reports, { ...input, capacityPlan: null });
  expect(runs.map(({ verdict }) => verdict.runId)).toEqual([runIdOf(10)]);
  expect(
    await evidenceOf(reports, { ...input, identity: { ...identity, versions: { 'image of shop': 'sha256:1' } } }),
  ).toEqual([]);
});

test('what it carries is asked for; that it is less than ten times the traffic, or is without a zone, speaks against it', async () => {
  await storeMany(fiveDays);
  const withSteps = async (steps: StoredSteps): Promise<Review> => {
    await rm(join(reports, 'capacity'), { recursive: true });
    await storeSteps(reports, steps);
    return await reviewed();
  };
  const whole = await reviewed();
  expect(whole).toMatchObject({ decision: 'go', capacity: { carriedPerSecond: 1_200 } });
  // Nothing gave way, so no law can be trusted beyond that.
  expect(whole.notTested).toContainEqual(expect.objectContaining({ what: expect.stringContaining('how much more') }));
  expect(await withSteps({ day: 9.1, brokenAt: 8 })).toMatchObject({
    decision: 'no-go',
    reasons: [
      { speaks: 'against', text: expect.stringMatching(/^it does not carry ten times/) },
      { speaks: 'against', text: expect.stringMatching(/^without a zone/) },
    ],
  });
  expect(await withSteps({ day: 9.1, brokenAt: 14 })).toMatchObject({
    decision: 'no-go',
    headline: expect.stringMatching(/^The run in steps speaks against it/),
    reasons: [{ speaks: 'against', text: expect.stringContaining('without a zone') }],
  });
  expect(await withSteps({ day: 9.1, lost: 2 })).toMatchObject({
    decision: 'no-go',
    reasons: [{ speaks: 'against', text: expect.stringContaining('orders.lost') }],
  });
  expect(await withSteps({ day: 9.1, commit: 'other' })).toMatchObject({
    decision: 'not-enough-evidence',
    capacity: null,
  });
});

test('another run in steps takes nothing back, and its age counts too', async () => {
  await storeMany(fiveDays);
  await storeSteps(reports, { day: 8.1, brokenAt: 8 });
  expect(await reviewed()).toMatchObject({ decision: 'no-go', capacity: { runId: runIdOf(8.1) } });
  await rm(join(reports, 'capacity'), { recursive: true });
  await storeSteps(reports, { day: 4.1 });
  expect((await reviewed({ peak: '2026-02-20' })).validUntil).toBe('2026-01-19T05:24:00.000Z');
});

test('a waiver of what the newest run in steps broke covers nothing that an older one broke besides', async () => {
  await storeMany(fiveDays);
  await storeSteps(reports, { day: 8.1, lost: 2 });
  await storeSteps(reports, { day: 9.2, brokenAt: 14 });
  const waiver = { by: 'bo', reason: 'a zone comes in January' };
  const risk = { id: 'R1', title: 'a zone less', owner: 'ann', covers: ['capacity'], until: '2026-01-20', waiver };
  expect(await reviewed({ risks: { risks: [risk], freezes: [] } })).toMatchObject({
    decision: 'no-go',
    reasons: [
      { speaks: 'waived', text: expect.stringContaining('without a zone') },
      { speaks: 'against', text: expect.stringContaining('orders.lost') },
    ],
    capacity: { runId: runIdOf(8.1) },
  });
});

test('what speaks against a go does not get old, and what speaks for it does', async () => {
  await storeMany(fiveDays);
  await store({ day: 1, lost: 3 });
  await storeSteps(reports, { day: 1.1, brokenAt: 8 });
  const review = await reviewed({ freshDays: 10 });
  expect(review).toMatchObject({ decision: 'no-go', drills: [{ passed: 5, failed: 1 }] });
  expect(review.reasons.map(({ text }) => text)).toEqual([
    expect.stringContaining('orders.lost'),
    expect.stringContaining('does not carry ten times'),
    expect.stringContaining('without a zone'),
  ]);
  expect(await reviewed({ freshDays: 3 })).toMatchObject({ drills: [{ passed: 0, failed: 1 }] });
});

test('a waiver of another promise leaves a recovery that nothing bounds as it is', async () => {
  await storeMany(fiveDays);
  await store({ day: 9.3, checkoutP99Ms: 400 });
  await store({ day: 9.5, recoveryS: 29.995 });
  const waiver = { by: 'bo', reason: 'it is known' };
  const risk = { id: 'R1', title: 'it is slow', owner: 'ann', covers: [drill], until: '2026-01-20', waiver };
  expect(await reviewed({ risks: { risks: [risk], freezes: [] } })).toMatchObject({
    decision: 'not-enough-evidence',
    reasons: [{ speaks: 'waived' }, { speaks: 'missing', text: expect.stringContaining('too close to its objective') }],
  });
});

test('a run in steps of other traffic, or of which the file was edited, is no evidence', async () => {
  await storeMany(fiveDays);
  const { drills } = await asked();
  expect(await reviewed({ drills, capacityPlan: 'a'.repeat(64) })).toMatchObject({ decision: 'not-enough-evidence' });
  await rm(join(reports, 'capacity'), { recursive: true });
  const folder = join(reports, await storeSteps(reports, { day: 9.1, brokenAt: 8 }));
  await writeFile(join(folder, 'capacity.json'), '{"outcome":"pass"}');
  expect(await reviewed()).toMatchObject({ decision: 'no-go' });
});

test('a broken promise counts however the run ended, and what else did not end says neither', async () => {
  await storeMany(fiveDays);
  await store({ day: 9.2, status: 'interrupted' });
  expect(await reviewed()).toMatchObject({ decision: 'go', drills: [{ passed: 5, undecided: 1 }] });
  await store({ day: 9.5, status: 'stopped', lost: 3 });
  expect(await reviewed()).toMatchObject({ decision: 'no-go', drills: [{ passed: 5, failed: 1, undecided: 1 }] });
});

test('a recovery that was too slow to tell whether it was in time leaves the percentile open', async () => {
  await storeMany(fiveDays);
  // The objective is 30 s.
  await store({ day: 9.5, recoveryS: 29.995 });
  const review = await reviewed();
  expect(review.drills[0]).toMatchObject({ passed: 5, undecided: 1 });
  expect(review).toMatchObject({ decision: 'not-enough-evidence' });
  expect(review.reasons.map(({ text }) => text)).toContainEqual(expect.stringContaining('too close to its objective'));
});

test('the traffic is that of the newest drill that could be evidence', async () => {
  const scale = (divisor: number) => ({ plan: { scale: { divisor, because: 'it fits' } } });
  await store({ day: 9, ...scale(15) });
  await store({ day: 9.2, commit: 'other', ...scale(20) });
  await store({ day: 9.3, status: 'interrupted', ...scale(30) });
  await storeSteps(reports, { day: 9.4 });
  const { target, profile } = planOf();
  const fresh = { identity, freshDays: 14, now: '2026-01-16T00:00:00.000Z' };
  expect(await scaleOfEvidence(reports, { target: { name: target }, profile }, fresh)).toBe(15);
  expect(
    await scaleOfEvidence(reports, { target: { name: target }, profile }, { ...fresh, freshDays: 3 }),
  ).toBeUndefined();
});

test('a drill of which no run could judge the recovery is not enough evidence, however often it passed', async () => {
  const brief = { profile: { ...(await readPlan(await store({ day: 10 }))).profile, afterFaultMs: 8_000 } };
  const input = await asked();
  const plan = { ...(await readPlan(await store({ day: 10, plan: brief }))) };
  for (const day of fiveDays) await store({ day, plan: brief });
  const drills = [{ drill, title: plan.title, runsNeeded: 1, plan: planFingerprint(plan) }];
  const review = await writtenReview(reports, { ...input, drills });
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
  expect(decide(await inputIn(folder), await readEvidence(folder))).toEqual(review);
  expect(await checkManifest(folder)).toMatchObject({ review: 'a-review', problems: [], signedBy: null });
});

const inputIn = async (folder: string): Promise<ReviewInput> =>
  JSON.parse(await readFile(join(folder, 'input.json'), 'utf8'));

test('what was changed, added or removed is named, and a forged manifest by its signature', async () => {
  const input = { ...(await asked()), id: 'signed' };
  const folder = join(reports, 'review', 'signed');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writtenReview(reports, input, privateKey);
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
