import { expect, test } from 'vitest';
import { historyRun, normals, series } from '../../../tests/support/runs/history-runs.ts';
import { hostileText } from '../../../tests/support/runs/runs.ts';
import { type ReferenceRuns, trendOf } from '../../history/trend.ts';
import type { HistoryRun, Trend } from '../../model/history.ts';
import { historyJson } from './json.ts';
import { historyLines, trendLines } from './terminal.ts';
import { trendHtml } from './trend-page.ts';
import { stateOf } from './words.ts';

const trend = (runs: HistoryRun[], reference: ReferenceRuns | null = null): Trend => ({
  ...trendOf(series, runs, reference),
  notCompared: [{ why: 'on kubernetes', runs: 4 }],
});
const runs = (count: number, make: (day: number) => HistoryRun) => Array.from({ length: count }, (_, day) => make(day));
const text = (of: Trend): string =>
  trendLines(of, [], { colour: false, chartPath: 'reports/trends/x.html' }).join('\n');
const next = normals(2);

const slower = trend(
  runs(30, (day) =>
    historyRun(day, {
      'recovery.write': day === 29 ? Number.POSITIVE_INFINITY : next(day < 18 ? 6_400 : 9_100, 150),
      'p99.api.peak': next(60, 5),
      'detection.proof': next(2_000, 100),
    }),
  ),
);

test('a regression comes first, with what there is to look for', () => {
  expect(stateOf(slower)).toBe('worse');
  const [head, sentence] = text(slower).split('\n');
  expect(head).toBe('WORSE  aurora-failover, local, nightly, 1:20');
  expect(sentence).toMatch(
    /^Write recovery went from 6\.\d+ s to 9\.\d+ s with run run-0018 \(commit commit-18; the run before had commit-17\): 18 before it, 12 from it on, p < 0\.001\.$/,
  );
  expect(text(slower)).toMatch(/Write recovery +[▁-█]+✗ +\S+ s +not recovered +at least 37 s +↑ worse/);
  expect(text(slower)).toMatch(/Fault seen to bite \* /);
  expect(text(slower)).toContain('Not compared: 4 runs on kubernetes.');
});

test('too few, nothing, better and flaky are other words', () => {
  const few = trend(runs(4, (day) => historyRun(day, { 'recovery.write': 6_000 + day })));
  expect(stateOf(few)).toBe('too few');
  expect(text(few)).toContain(`Only 4 runs count so far; a change can be shown from ${few.leastRuns} on.`);
  const none = trend(runs(30, (day) => historyRun(day, { 'recovery.write': next(6_000, 100) })));
  expect(stateOf(none)).toBe('none shown');
  expect(text(none)).toContain(
    'No change of what is promised is shown by 1 test on 30 runs, at an error of 5 % for all of them together.',
  );
  expect(
    stateOf(trend(runs(30, (day) => historyRun(day, { 'recovery.write': next(day < 15 ? 6_000 : 4_000, 100) })))),
  ).toBe('better');
  const later = trend(runs(30, (day) => historyRun(day, { 'detection.page': next(day < 15 ? 6_000 : 9_000, 100) })));
  expect(stateOf(later)).toBe('none shown');
  expect(text(later)).toContain('· Alert would page went from');
  const flaky = trend(
    runs(30, (day) =>
      historyRun(day, { 'recovery.write': next(6_000, 100) }, { outcome: day % 6 === 1 ? 'fail' : 'pass' }),
    ),
  );
  expect(stateOf(flaky)).toBe('flaky');
  expect(text(flaky)).toContain('5 of 30 runs failed now and then');
});

test('runs that fail more often are told by the share of them that failed', () => {
  const failing = trend(
    runs(30, (day) =>
      historyRun(
        day,
        { 'recovery.write': 6_000 + (day % 7) },
        { outcome: day >= 15 ? (day % 5 === 1 ? 'pass' : 'fail') : day % 7 === 3 ? 'fail' : 'pass' },
      ),
    ),
  );
  expect(text(failing)).toContain('80 % of the runs failed instead of 13.3 % with run run-0015');
});

test('a reference is told with what became of it', () => {
  const all = runs(40, (day) => historyRun(day, { 'recovery.write': next(day < 20 ? 6_000 : 7_000, 100) }));
  const since = trend(all, { runs: all.slice(0, 20), setAt: '2026-02-01T00:00:00.000Z' });
  expect(text(since)).toMatch(
    /Write recovery is (7|6\.9)\S* s in the last 20 runs, and was (6|5\.9)\S* s in the 20 runs of the reference \(p < 0\.001\)\./,
  );
  expect(text(since)).toContain('Reference: 20 runs, run-0000 to run-0019, set 2026-02-01; 20 runs since.');
});

test('the list shows what does not count, how much more there is, and every folder that was left out', () => {
  const listed = [
    historyRun(2, {}, { outcome: 'inconclusive', status: 'crashed', dirty: true }),
    historyRun(1, { 'recovery.write': 6_418, 'p99.api.peak': 61.3 }),
  ];
  const leftOut = [{ folder: 'aurora-failover/x', why: 'verdict.json is not JSON' }];
  const lines = historyLines({ runs: listed, total: 7, leftOut }, false);
  expect(lines[1]).toMatch(/run-0002 .*\? INCONCLUSIVE, crashed .*not measured +not measured +commit-2\+$/);
  expect(lines[2]).toMatch(/run-0001 .*✓ PASS .*6\.42 s \(write\) +61\.3 ms +commit-1$/);
  expect(lines.join('\n')).toContain('The newest 2 of 7 runs; --last shows more.');
  expect(lines.at(-1)).toBe('  - aurora-failover/x: verdict.json is not JSON');
  const many = Array.from({ length: 40 }, (_, index) => ({ folder: `x/${index}`, why: 'cut' }));
  expect(historyLines({ runs: listed, total: 2, leftOut: many }, false).at(-1)).toBe('  and 10 more; --json has all');
});

test('what is worse than any time is no null in JSON', () => {
  const shown = JSON.parse(historyJson(slower));
  expect(shown.measures[0].points.at(-1)).toMatchObject({ valueMs: 'failed', lowMs: 37_000, highMs: null });
});

test('the page is one file whose charts say in words what they show, and runs no script', () => {
  const html = trendHtml(slower, 'npm run tenfold -- trend aurora-failover');
  expect(html.match(/<svg class="chart trend-[\w-]+" role="img"/g)).toHaveLength(3);
  expect(html).toContain('It changed with run run-0018.');
  expect(html).toContain("default-src 'none'");
  expect(html.match(/<script/g)).toHaveLength(1);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(html.match(/<td class="missing">/g)).toBeNull();
});

test('names that an attacker would choose stay text', () => {
  const hostile = trend(
    runs(6, (day) =>
      historyRun(day, { 'recovery.write': 6_000 + day }, { runId: `${hostileText}${day}`, commit: hostileText }),
    ),
  );
  const html = trendHtml({ ...hostile, drill: hostileText, target: hostileText }, hostileText);
  expect(html).not.toContain('<script>alert');
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(text({ ...hostile, drill: hostileText })).not.toContain('\u001b');
});
