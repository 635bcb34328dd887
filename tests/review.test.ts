import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { $ } from 'zx';
import { describeCheckout } from '../src/drill/environment.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { outcomeOfDecision, type Review, reviewSchema } from '../src/model/review.ts';
import { runsNeeded } from '../src/review/runs-needed.ts';
import { checksum } from '../src/runtime/files.ts';
import { makePlace, said, startTenfold, theRun } from './harness.ts';
import { configOf, env, startShop, writeConfig } from './own-shop.ts';
import { runIdOf, storeRun } from './support/runs/stored-run.ts';

const peak = '2099-11-27';

test('a review of a shop runs what it lacks once, decides as the run did, and goes stale with the config', async () => {
  await using place = await makePlace();
  await using shop = await startShop(place);
  const { drills, ...rest } = configOf(shop) as { drills: Record<string, unknown> };
  const config = { ...rest, drills: { 'traffic-alone': drills['traffic-alone'] } };
  const file = await writeConfig(shop, config);
  const review = (...args: string[]) =>
    startTenfold(
      place,
      ['review', 'traffic-alone', '--config', file, '--profile', 'brief', '--reports', place.reports, ...args],
      env,
    );
  const folder = join(place.reports, 'review', 'latest');

  const plan = await review('--peak', peak, '--plan', '--json');
  expect(plan.exitCode, plan.stderr).toBe(exitCodes.pass);
  expect(JSON.parse(plan.stdout).needs).toMatchObject([{ drill: 'traffic-alone', runs: 0, missing: 1 }]);

  const { dirty } = await describeCheckout();
  if (dirty) {
    // As while somebody is changing tenfold: no run would count.
    const refused = await review('--peak', peak, '--json');
    expect(refused.stderr).toContain('changes that are not committed');
    expect(refused.exitCode).toBe(exitCodes.invalid);
    return;
  }
  const freezes = join(place.mark, 'freezes.yaml');
  await writeFile(freezes, 'freezes: [{ from: 2000-01-01, to: 2099-12-31, what: peak week }]\n');
  const frozen = await review('--peak', peak, '--risks', freezes);
  expect(frozen.stderr).toContain('nothing is drilled from 2000-01-01 to 2099-12-31: peak week');
  expect(frozen.exitCode).toBe(exitCodes.invalid);
  // None begins that would not end in time, and a night that leaves something to the next is no failure.
  const short = await review('--peak', peak, '--tonight', '1m');
  expect(short.stdout).toContain('NOT ENOUGH EVIDENCE');
  expect(short.exitCode, short.stderr).toBe(exitCodes.pass);

  const running = review('--peak', peak, '--json');
  await said(running, 'run 1 of 1');
  const second = await review('--peak', peak, '--wait', '1s');
  expect(second.exitCode, second.stderr).toBe(exitCodes.invalid);
  expect(second.stderr).toContain('is using this platform');
  const first = await running;
  const decided: Review = reviewSchema.parse(JSON.parse(first.stdout));
  const { verdict } = await theRun(place, 'traffic-alone');
  const counts = verdict.outcome !== 'inconclusive';
  // A brief profile has too few orders to judge their latency at peak: it can break a promise, and keep none.
  expect(decided.decision, first.stderr).toBe(verdict.outcome === 'fail' ? 'no-go' : 'not-enough-evidence');
  if (verdict.outcome === 'pass') expect(decided.reasons[0]?.text).toContain('could judge latency.checkout.peak');
  expect(first.exitCode, first.stderr).toBe(exitCodes[outcomeOfDecision[decided.decision]]);
  expect(decided.evidence).toBe('own-shop');
  expect(decided.identity.versions.config).toMatch(/^sha256 /);
  if (!counts) return;

  const again = await review('--peak', peak, '--json');
  expect(JSON.parse(again.stdout).drills[0].runs).toHaveLength(1);
  expect((await readdir(join(place.reports, 'traffic-alone'))).filter((name) => name !== 'latest')).toHaveLength(1);
  const check = await review('--check');
  // A gate has two answers.
  expect(check.exitCode, check.stdout).toBe(decided.decision === 'go' ? exitCodes.pass : exitCodes.fail);

  await writeConfig(shop, { ...config, traffic: { baselineRatePerSecond: 7, writeShare: 0.2 } });
  const stale = await review('--check');
  expect(stale.stdout).toContain('config: it was sha256');
  expect(stale.exitCode).toBe(exitCodes.fail);

  const verify = () => startTenfold(place, ['verify', folder], env);
  expect((await verify()).exitCode).toBe(exitCodes.pass);
  await appendFile(join(folder, 'summary.md'), 'GO');
  const forged = await verify();
  expect(forged.stdout).toContain('summary.md was changed');
  expect(forged.exitCode).toBe(exitCodes.fail);
});

test('bad input is refused before anything is run, and a gate without a review is closed', async () => {
  await using place = await makePlace();
  const review = (...args: string[]) => startTenfold(place, ['review', '--reports', place.reports, ...args]);
  const refused = async (args: string[], problem: string | RegExp) => {
    const { exitCode, stderr } = await review(...args);
    expect(stderr).toMatch(problem);
    expect(exitCode).toBe(exitCodes.invalid);
  };
  await refused(['--plan'], 'a review is for a day');
  await refused(['--peak', '2020-11-27'], 'is over');
  await refused(['--peak', '2026-02-30'], 'must be a day');
  await refused(['--peak', peak, '--tonight', 'long'], 'must be minutes or hours');
  await refused(['--peak', peak, '--percentile', '7'], 'from 50 to 99');
  await refused(['--peak', peak, '--risks', join(place.mark, 'none.yaml')], 'there is no file');
  await refused(['--peak', peak, '--sign', join(place.mark, 'none.key')], 'cannot sign');
  await refused(['no-such-drill', '--peak', peak, '--scale', '1:60'], 'no drill no-such-drill');
  const check = await review('--check');
  expect(check.stdout).toContain('there is no review');
  expect(check.exitCode).toBe(exitCodes.fail);
});

test('a key of the user signs it, and opens only with its passphrase', async () => {
  await using place = await makePlace();
  const key = join(place.mark, 'review.key');
  const openssl = $({ env: { ...process.env, PASS: 'a secret' }, quiet: true });
  await openssl`openssl genpkey -algorithm ed25519 -aes-256-cbc -pass env:PASS -out ${key}`;
  await openssl`openssl pkey -in ${key} -passin env:PASS -pubout -out ${key}.pub`;
  await storeRun(place.reports, { day: 1 });
  const page = join(place.mark, 'job.md');
  const review = (passphrase: string) =>
    startTenfold(
      place,
      [
        'review',
        'aurora-failover',
        '--peak',
        peak,
        '--scale',
        '1:60',
        '--no-run',
        '--sign',
        key,
        '--reports',
        place.reports,
      ],
      { TENFOLD_KEY_PASSPHRASE: passphrase, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: page },
    );
  expect((await review('wrong')).exitCode).toBe(exitCodes.invalid);
  const signed = await review('a secret');
  expect(signed.exitCode, signed.stderr).toBe(exitCodes.inconclusive);
  // A run of another commit is no evidence, and 29 are asked for.
  expect(signed.stdout).toContain(`passed 0 times of ${runsNeeded(90)}`);
  expect(signed.stdout + signed.stderr).not.toContain('a secret');
  expect(signed.stderr).toMatch(/^::warning title=NOT ENOUGH EVIDENCE%3A Ready for the peak of 2099-11-27\?::/m);
  expect(signed.stderr).toMatch(/^::warning title=Missing::.*passed 0 times of 29/m);
  expect(await readFile(page, 'utf8')).toContain('NOT ENOUGH EVIDENCE');
  const verified = await startTenfold(place, [
    'verify',
    join(place.reports, 'review', 'latest'),
    '--public-key',
    `${key}.pub`,
    '--json',
  ]);
  expect(verified.exitCode, verified.stderr).toBe(exitCodes.pass);
  expect(JSON.parse(verified.stdout)).toMatchObject({
    holds: true,
    signedBy: { fingerprint: expect.stringMatching(/^SHA256:/) },
  });
  const folder = join(place.reports, 'review', 'latest');
  const path = join(folder, 'review.json');
  const text = await readFile(path, 'utf8');
  expect(text).not.toContain(runIdOf(1));

  // Somebody who writes the checksums anew can take away the signature, and not what the evidence gives.
  await writeFile(path, text.replace('"decision": "not-enough-evidence"', '"decision": "go"'));
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  manifest.files['review.json'] = await checksum(path);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await rm(join(folder, 'manifest.sig.json'));
  const forged = await startTenfold(place, ['verify', folder]);
  expect(forged.stdout).toContain('its evidence gives another review');
  const { dirty } = await describeCheckout();
  // Of a checkout with changes nobody knows by which rules it decides.
  expect(forged.exitCode).toBe(dirty ? exitCodes.pass : exitCodes.fail);
});
