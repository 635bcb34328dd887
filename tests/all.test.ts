import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDrills } from '../src/cli/load-drill.ts';
import { folders, targetNamed } from '../src/cli/wire.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { noticeSchema } from '../src/model/notice.ts';
import { type Suite, suiteSchema } from '../src/model/suite.ts';
import { worst } from '../src/model/verdict.ts';
import { lacking } from '../src/plan/make-plan.ts';
import { childEnvironment } from '../src/runtime/child-environment.ts';
import { run as execute, rootFolder } from '../src/runtime/processes.ts';
import { expectWhatHoldsOnAnyHost, leftovers, makePlace, type Place, said, startTenfold, theRun } from './harness.ts';
import { startHookServer } from './support/hook-server.ts';
import { coverageOf, saidToOthers } from './support/said-to-others.ts';

const run = (place: Place, args: string[], env: Record<string, string> = {}) =>
  startTenfold(place, ['run', '--profile', 'brief', '--reports', place.reports, ...args], env);

async function theSuite(place: Place): Promise<{ folder: string; suite: Suite }> {
  const folder = join(place.reports, 'all', 'latest');
  return { folder, suite: suiteSchema.parse(JSON.parse(await readFile(join(folder, 'all.json'), 'utf8'))) };
}

// One without a fault and one with; tests/every-drill/ runs them all.
const drills = ['black-friday', 'aurora-failover'];

test('drills run one after the other, whatever is said to other programs, to one summary with the exit code of the worst', {
  timeout: 600_000,
}, async () => {
  await using place = await makePlace();
  await using hooks = await startHookServer(() => ({ status: 202 }));
  const env: Record<string, string> = { ...(await saidToOthers(place)), HOOK_URL: hooks.url };
  const umask = process.umask(0o077);
  const started = run(place, [...drills, '--json', '--notify', 'webhook=HOOK_URL'], env);
  process.umask(umask);
  const result = await started;
  drills.forEach((drill, index) => {
    expect(result.stderr).toContain(`${index + 1} of ${drills.length}  ${drill}`);
  });
  const { folder, suite } = await theSuite(place);
  expect(JSON.parse(result.stdout)).toEqual(suite);
  expect(suite, result.stderr).toMatchObject({ status: 'completed', left: [], stoppedBy: null });
  expect(suite.runs.map(({ drill, status }) => `${drill} ${status}`)).toEqual(
    drills.map((name) => `${name} completed`),
  );
  expect(suite.outcome).toBe(worst(suite.runs.map(({ outcome }) => outcome)));
  expect(result.exitCode).toBe(exitCodes[suite.outcome]);
  expect((await readdir(folder)).sort()).toEqual([
    'all.html',
    'all.json',
    'junit.xml',
    'mochawesome.html',
    'mochawesome.json',
    'summary.md',
  ]);
  for (const { folder: run } of suite.runs) expect(await readdir(join(folder, run))).toContain('report.html');
  for (const drill of drills) {
    const { verdict } = await theRun(place, drill);
    expectWhatHoldsOnAnyHost(verdict, result.stderr);
    expect(verdict.orders.persisted).toBeGreaterThan(0);
    expect(verdict.environment.commit).toBe(await theCommit());
  }
  const notice = noticeSchema.parse(JSON.parse(hooks.received[0]?.body ?? ''));
  expect(notice).toMatchObject({ event: 'all', id: suite.id, outcome: suite.outcome });
  // Of the worst of them, if one did not pass.
  const first = suite.runs.find(({ outcome }) => outcome === suite.outcome);
  const picture = suite.outcome === 'pass' ? null : await readFile(join(folder, first?.folder ?? '', 'timeline.png'));
  expect(notice.picture).toBe(picture && `data:image/png;base64,${picture.toString('base64')}`);
  // No other Node wrote any.
  expect(await readdir(coverageOf(place))).toHaveLength(1);
  expect(await readdir(env.TMPDIR as string)).toEqual([]);
  expect((await leftovers(place)).filter((left) => left.startsWith('process'))).toEqual([]);
});

async function theCommit(): Promise<string> {
  const { stdout } = await execute('git', ['rev-parse', 'HEAD'], {
    cwd: rootFolder,
    environment: childEnvironment(() => false),
  });
  return stdout.trim();
}

const local = targetNamed('local');

test('Ctrl-C ends all drills, and what has not run is told', async () => {
  await using place = await makePlace();
  const all = run(place, ['--all']);
  await said(all, '> stand up the platform');
  all.kill('SIGINT');
  const result = await all;
  expect(result.exitCode, result.stderr).toBe(exitCodes.stopped);
  const { suite } = await theSuite(place);
  expect(suite).toMatchObject({ status: 'interrupted', stoppedBy: 'interrupted by SIGINT', outcome: 'inconclusive' });
  const told = [...suite.runs.map(({ drill }) => drill), ...suite.left];
  const able = (await loadDrills(folders.scenarios)).filter((drill) => lacking(drill, local).length === 0);
  expect(told.sort()).toEqual(able.map(({ name }) => name));
  expect(result.stderr).toContain('left out: bad-deploy: the target local lacks kubernetes-api');
  expect(await leftovers(place)).toEqual([]);
});

test.each([
  ['no drill', [], /name the drills to run, or use --all/],
  ['drills besides all of them', ['--all', 'node-loss'], /name the drills to run, or use --all/],
  ['several drills on one platform', ['--all', '--keep'], /--keep is for one drill/],
  ['several that do not exist', ['nod-loss', 'az-outag'], /no drill nod-loss[\s\S]*no drill az-outag/],
])('%s is refused, and nothing is started', async (_, args, message) => {
  await using place = await makePlace();
  const result = await run(place, args);
  expect(result.exitCode, result.stderr).toBe(exitCodes.invalid);
  expect(result.stderr).toMatch(message);
  expect(await leftovers(place)).toEqual([]);
});
