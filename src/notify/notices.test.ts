import { expect, test } from 'vitest';
import { matrixWith } from '../../tests/support/matrices.ts';
import { planOf } from '../../tests/support/runs/plan.ts';
import { failingRun, hostileRun, interruptedRun, passingRun } from '../../tests/support/runs/runs.ts';
import { mostItems, noticeSchema } from '../model/notice.ts';
import type { Suite } from '../model/suite.ts';
import { headline } from '../report/headline.ts';
import type { ReportInput } from '../report/report-input.ts';
import { drillNotice, matrixNotice, refusedNotice, suiteNotice } from './notices.ts';

const besides = { lookAt: null, reportUrl: 'https://ci.example/all.html', pictureUrl: null };

const rowOf = (input: ReportInput): Suite['runs'][number] => ({
  drill: 'aurora-failover',
  title: `run ${input.verdict.outcome}`,
  runId: input.verdict.runId,
  status: input.verdict.status,
  outcome: input.verdict.outcome,
  headline: headline(input),
  exitCode: 0,
  startedAt: input.verdict.startedAt,
  finishedAt: input.verdict.finishedAt,
  folder: '../../x/1',
  command: input.verdict.command,
});

test.each([passingRun(), failingRun(), interruptedRun(), hostileRun()])('a run is told by its schema, %#', (run) => {
  const notice = drillNotice(run, besides);
  expect(noticeSchema.parse(notice)).toEqual(notice);
  expect(notice.items.length).toBeLessThanOrEqual(mostItems);
});

test('several runs are told with the worst first, and what is left out is counted', () => {
  const runs = [...Array.from({ length: 12 }, () => passingRun()), failingRun()].map(rowOf);
  const suite: Suite = {
    schemaVersion: 1,
    id: '20261127-090000-k3f9aa',
    target: 'local',
    profile: 'smoke',
    command: 'npm run drill -- --all',
    status: 'completed',
    stoppedBy: null,
    outcome: 'fail',
    startedAt: '2026-11-27T09:00:00.000Z',
    finishedAt: '2026-11-27T09:40:00.000Z',
    runs,
    left: [],
    leftOut: [],
  };
  const notice = suiteNotice(suite, besides);
  expect(noticeSchema.parse(notice)).toEqual(notice);
  expect(notice.items[0]).toMatchObject({ title: 'run fail', outcome: 'fail' });
  expect(notice).toMatchObject({ event: 'all', title: '13 drills', itemsLeftOut: 3 });
  expect(suiteNotice({ ...suite, status: 'running' }, besides).status).toBe('crashed');
});

test('a matrix is told with what each cell shows', () => {
  const notice = matrixNotice(matrixWith({ quorum: null }), besides);
  expect(noticeSchema.parse(notice)).toEqual(notice);
  expect(notice.items.map(({ title, outcome }) => [title, outcome])).toEqual([
    ['aurora-failover, without quorum-commit', 'inconclusive'],
    ['aurora-failover, the whole platform', 'pass'],
  ]);
});

test('a drill that found its platform dirty says so, and has no run', () => {
  const notice = refusedNotice(planOf(), 'npm run drill', 'the platform may be dirty', Date.parse('2026-11-27'));
  expect(noticeSchema.parse(notice)).toEqual(notice);
  expect(notice).toMatchObject({ id: null, status: 'refused', lookAt: 'the platform may be dirty' });
});
