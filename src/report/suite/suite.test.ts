import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failingRun, passingRun } from '../../../tests/support/runs/runs.ts';
import { type Suite, suiteSchema } from '../../model/suite.ts';
import { headline } from '../headline.ts';
import { suiteLines } from './terminal.ts';
import { suiteHeadline } from './words.ts';
import { writeSuiteReports } from './write-suite-reports.ts';

const runs = [passingRun(), failingRun()];
const suite: Suite = {
  schemaVersion: 1,
  id: '20261127-090000-k3f9aa',
  target: 'local',
  profile: 'smoke',
  command: 'npm run drill -- --all',
  status: 'interrupted',
  stoppedBy: 'interrupted by SIGINT',
  outcome: 'fail',
  startedAt: '2026-11-27T09:00:00.000Z',
  finishedAt: '2026-11-27T09:04:00.000Z',
  runs: runs.map((judged, index) => ({
    drill: `drill-${index}`,
    title: judged.plan.title,
    runId: judged.verdict.runId,
    status: judged.verdict.status,
    outcome: judged.verdict.outcome,
    headline: headline(judged),
    exitCode: index,
    startedAt: judged.verdict.startedAt,
    finishedAt: judged.verdict.finishedAt,
    folder: `../../drill-${index}/1`,
    command: judged.verdict.command,
  })),
  left: ['spot-storm'],
  leftOut: ['bad-deploy: the target local lacks kubernetes-api'],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-suite-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the headline counts outcomes, and what has not run', () => {
  expect(suiteSchema.parse(suite)).toEqual(suite);
  expect(suiteHeadline(suite)).toBe(
    'It stopped early: interrupted by SIGINT. 3 drills: 1 passed, 1 failed, 1 not run, 1 left out, which local cannot do.',
  );
});

test('the terminal has a row for each drill, with the way to its report', () => {
  const lines = suiteLines(suite, { colour: false, pathOf: (file) => file });
  expect(lines).toContainEqual(expect.stringMatching(/✓ drill-0 +1\d\d s|✓ drill-0 +\d+ (s|min)/));
  expect(lines).toContainEqual(expect.stringContaining('../../drill-1/1/report.html'));
  expect(lines).toContainEqual(expect.stringMatching(/· spot-storm +not run/));
  expect(lines).toContain('  · left out: bad-deploy: the target local lacks kubernetes-api');
});

test("its files hold all runs' findings together, and links to their reports", async () => {
  await writeSuiteReports(folder, suite, runs);
  expect((await readdir(folder)).sort()).toEqual([
    'all.html',
    'junit.xml',
    'mochawesome.html',
    'mochawesome.json',
    'summary.md',
  ]);
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const findings = runs.reduce((sum, { verdict }) => sum + verdict.findings.length, 0);
  const xml = await read('junit.xml');
  expect(XMLValidator.validate(xml)).toBe(true);
  const suites: { id: string; tests: string }[] = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
  }).parse(xml).testsuites.testsuite;
  expect(suites.reduce((sum, { tests }) => sum + Number(tests), 0)).toBe(findings);
  expect(suites.map(({ id }) => Number(id))).toEqual([...suites.keys()]);
  const mochawesome = JSON.parse(await read('mochawesome.json'));
  expect(mochawesome.stats.tests).toBe(findings);
  expect(mochawesome.results).toHaveLength(2);
  expect(await read('all.html')).toContain('href="../../drill-1/1/report.html"');
  expect(await read('summary.md')).toContain('| **spot-storm** |');
});

test('a suite that was refused before its first run still says so', async () => {
  await writeSuiteReports(folder, { ...suite, runs: [] }, []);
  expect((await readdir(folder)).sort()).toEqual(['all.html', 'junit.xml', 'summary.md']);
});
