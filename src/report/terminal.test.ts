import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { failingRun, hostileRun, interruptedRun, passingRun } from '../../tests/support/runs/runs.ts';
import { terminalLines } from './terminal.ts';

const plain = { colour: false, reportPath: 'reports/aurora-failover/latest/report.html' };

test('verdict, findings, report and command fit on a screen', () => {
  const lines = terminalLines(passingRun(), plain);
  expect(lines.length).toBeLessThanOrEqual(25);
  expect(lines[0]).toBe('PASS  Aurora primary failure at ten times the traffic');
  expect(lines.slice(-2)).toEqual([
    `Report  ${plain.reportPath}`,
    'Again   npm run drill -- aurora-failover --profile laptop',
  ]);
});

test('colour adds nothing but colour, and none is used when none is wanted', () => {
  const coloured = terminalLines(failingRun(), { ...plain, colour: true }).join('\n');
  expect(coloured).toContain('\u001b[31m');
  expect(stripVTControlCharacters(coloured)).toBe(terminalLines(failingRun(), plain).join('\n'));
});

test('a name cannot move the cursor or add a line', () => {
  const lines = terminalLines(hostileRun(), plain);
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
});

test('an interrupted run says so in its second line', () => {
  expect(terminalLines(interruptedRun(), plain)[1]).toMatch(/^The run ended early: interrupted by SIGINT\. /);
});
