import { expect, test } from 'vitest';
import { noFaultRun } from '../../../tests/support/runs/no-fault.ts';
import { nodeLossRun } from '../../../tests/support/runs/node-loss.ts';
import {
  failingRun,
  hostileRun,
  hostileText,
  interruptedRun,
  passingRun,
  rehearsedRun,
} from '../../../tests/support/runs/runs.ts';
import { reportHtml } from './page.ts';

test('the same run gives the same bytes', () => {
  expect(reportHtml(passingRun())).toBe(reportHtml(passingRun()));
});

test('the verdict is embedded as it is, hostile or not', () => {
  for (const run of [passingRun(), hostileRun()]) {
    const embedded = /<script type="application\/json" id="verdict">(.*?)<\/script>/s.exec(reportHtml(run))?.[1];
    expect(JSON.parse(embedded ?? '')).toEqual(run.verdict);
  }
});

test('no text becomes an element', () => {
  const html = reportHtml(hostileRun());
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toContain('<b>|x|');
});

test('the timeline is in the page without a script, once for each kind of screen', () => {
  const html = reportHtml(failingRun());
  expect(
    html.match(/<svg class="chart (wide|narrow)" role="img" aria-label="[^"]*Requests failed between 33 and 69 s/g),
  ).toHaveLength(2);
  expect(html.length).toBeLessThan(300_000);
});

test('what people did of the runbook is there, and nothing of a runbook that there is not', () => {
  const html = reportHtml(rehearsedRun());
  expect(html).toContain('1 of 3 steps of the runbook were rehearsed.');
  expect(html).toMatch(/Look at the pods<\/th>\s*<td>Ada Lovelace<\/td><td>2026-11-27 09:00:41.500 UTC/);
  expect(html).toMatch(/Compare orders<\/th>\s*<td colspan="2">not rehearsed/);
  expect(reportHtml(passingRun())).not.toContain('Runbook');
});

test('two charts share no id', () => {
  const ids = [...reportHtml(passingRun()).matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a run without evidence has a page without a made-up number', () => {
  const html = reportHtml(interruptedRun());
  expect(html).toContain('Nothing was measured, so there is nothing to draw.');
  expect(html).toContain('<span data-path="orders.lost" data-value="null" class="missing">not measured</span>');
});

test('a service that stayed away is told apart from one that was not measured', () => {
  expect(reportHtml(failingRun())).toContain(
    '<span data-path="recovery.0.actualMs" data-value="null" class="missing">not recovered</span>',
  );
});

test('replicas that two paths share stand there once', () => {
  const { verdict, ...rest } = passingRun();
  const [write, read] = verdict.recovery;
  if (write === undefined || read === undefined) throw new Error('two paths are expected');
  const recovery = [write, { ...read, replicas: write.replicas }];
  const html = reportHtml({ ...rest, verdict: { ...verdict, recovery } });
  expect(html.match(/aria-label="Recovery by replica"/g)).toHaveLength(1);
});

test('each lane stands there on its own, and once: those of the whole shop are those of its paths', () => {
  const { verdict, ...rest } = passingRun();
  const [write] = verdict.recovery;
  if (write === undefined) throw new Error('a path is expected');
  const html = reportHtml({ ...rest, verdict: { ...verdict, recovery: [write, { ...write, path: 'shop' }] } });
  expect(html.match(/aria-label="Recovery by lane"/g)).toHaveLength(1);
  expect(html).toContain('<span data-path="recovery.0.lanes.1.intervalMs" data-value="80">80 ms</span>');
  expect(html).not.toContain('data-path="recovery.1.lanes');
});

test('each pod that ended stands there with what it is attributed to, hostile or not', () => {
  const html = reportHtml(nodeLossRun());
  expect(html.match(/<td>node-lost<\/td><td>i-0a1b2c3d4e5f60718 was terminated<\/td>/g)).toHaveLength(2);
  expect(reportHtml(nodeLossRun(hostileText)).match(/<script/g)).toHaveLength(1);
});

test('a replica that the platform took away is told apart from one that did not recover', () => {
  expect(reportHtml(nodeLossRun())).toMatch(
    /api-7f9c-a1<\/th><td>zone-a<\/td>\s*<td>taken away: <span data-path="recovery.0.replicas.0.takenAway"/,
  );
});

test('pods and nodes share the time axis where they were looked at, and are left out elsewhere', () => {
  expect(reportHtml(nodeLossRun()).match(/3 to 5 pods and 5 to 6 nodes were ready\./g)).toHaveLength(4);
  expect(reportHtml(passingRun())).not.toContain('Pods and nodes');
});

test('a drill without a fault speaks of none', () => {
  const page = reportHtml(noFaultRun()).replace(/<style>.*?<\/style>/s, '');
  expect(page).toContain('No fault: the traffic alone');
  expect(page).toContain('There was no fault to recover from.');
  expect(page).toContain('this drill has none');
  expect(page).not.toMatch(/injected|injection|steady|during the fault/);
});
