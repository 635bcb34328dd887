import { expect, test } from 'vitest';
import { noFaultRun } from '../../tests/support/runs/no-fault.ts';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import { failingRun, hostileRun, interruptedRun, passingRun, rehearsedRun } from '../../tests/support/runs/runs.ts';
import { escapeMarkdown } from './markdown.ts';
import { summaryMarkdown } from './summary.ts';

test('the verdict comes first, then the key numbers, the findings and the command', () => {
  const summary = summaryMarkdown(passingRun());
  const places = [
    '## ✅ PASS: Aurora',
    '| Recovery, write | **6.42 s** | objective 30 s |',
    '### Findings',
    '```sh\nnpm run drill',
  ];
  const found = places.map((text) => summary.indexOf(text));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
});

test('without a fault the pods are told of, and no recovery', () => {
  const summary = summaryMarkdown(noFaultRun());
  expect(summary).toContain('| Autoscaling lag | **9 s** | objective 30 s | ✅ PASS |');
  expect(summary).not.toMatch(/fault|recover/i);
});

test('what people did of the runbook is told, if they did anything', () => {
  expect(summaryMarkdown(rehearsedRun())).toContain(
    '| Look at the pods | Ada Lovelace | 2026-11-27 09:00:41.500 UTC |',
  );
  expect(summaryMarkdown(passingRun())).not.toContain('Runbook');
});

test('the worst finding stands first', () => {
  expect(summaryMarkdown(failingRun())).toMatch(/\| --- \| --- \| --- \|\n\| ❌ FAIL \| Write recovery/);
});

test('what does not count stands last, and is not called a pass', () => {
  const summary = summaryMarkdown(nodeLossRun());
  const outcomes = [
    ...summary.slice(summary.indexOf('### Findings')).matchAll(/^\| (✅ PASS|left open|not judged) \|/gm),
  ].map(([, words]) => words);
  expect(outcomes).toHaveLength(23);
  expect(outcomes.slice(0, 19)).toEqual(Array(19).fill('✅ PASS'));
  expect(outcomes.slice(19).toSorted()).toEqual(['left open', 'left open', 'not judged', 'not judged']);
});

test('an error budget that was still burning is told as a lower bound', () => {
  expect(summaryMarkdown(failingRun())).toMatch(
    /\| 30-day Checkout error budget burned \| \*\*25\.4 %\*\* \| or more; at most 25 % per drill \| ❌ FAIL \|/,
  );
});

test('a run without evidence shows no number that was not measured', () => {
  const summary = summaryMarkdown(interruptedRun());
  expect(summary).toContain('| Orders lost | **not measured** | not measured acknowledged, not measured duplicated |');
  expect(summary).not.toMatch(/\*\*0/);
});

test('hostile names change neither the table nor the page', () => {
  const lines = summaryMarkdown(hostileRun()).split('\n');
  const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
  const findings = lines.slice(lines.indexOf('### Findings') + 2, lines.indexOf('### Findings') + 19);
  expect(findings.map(cells)).toEqual(Array(17).fill(5));
  const prose = lines.join('\n').replace(/(`{3,})[\s\S]*?\n\1/g, '');
  expect(prose).not.toMatch(/<(?!\/?sub>)/);
});

test('a message keeps its words and stays on its line', () => {
  expect(escapeMarkdown('p99 < 200 ms\n& *done*')).toBe('p99 &lt; 200 ms &amp; \\*done\\*');
});
