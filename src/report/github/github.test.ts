import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failingRun, hostileRun, inconclusiveRun, passingRun } from '../../../tests/support/runs/runs.ts';
import { summaryMarkdown } from '../summary.ts';
import { type Annotation, annotationsOf, workflowCommands } from './annotations.ts';
import { cutSummary } from './cut-summary.ts';

const file = 'scenarios/aurora-failover.ts';
const failure = (title: string): Annotation => ({ outcome: 'fail', title, message: 'm', file: null });

test('a run that passed is one notice; of another, what failed is an error and what is open a warning', () => {
  const passed = workflowCommands(annotationsOf(passingRun(), file));
  expect(passed).toHaveLength(1);
  expect(passed[0]).toMatch(/^::notice file=scenarios\/aurora-failover\.ts,title=Aurora primary failure/);
  const failed = workflowCommands(annotationsOf(failingRun(), file));
  expect(failed[0]).toMatch(/^::error file=scenarios\/aurora-failover\.ts,title=aurora-failover%3A /);
  expect(workflowCommands(annotationsOf(inconclusiveRun(), null))[0]).toMatch(/^::warning title=/);
});

test('what a platform says cannot begin a command of its own', () => {
  const said = '50 %\r\n::add-mask::x, a: b';
  const [line] = workflowCommands([{ outcome: 'fail', title: said, message: said, file: 'a,b:c' }]);
  expect(line).toBe(
    '::error file=a%2Cb%3Ac,title=50 %25%0D%0A%3A%3Aadd-mask%3A%3Ax%2C a%3A b::50 %25%0D%0A::add-mask::x, a: b',
  );
  for (const line of workflowCommands(annotationsOf(hostileRun(), file)))
    expect(line).toMatch(/^::(error|warning)[^\n\r]*$/);
});

test('of more than GitHub shows, the worst are shown, and the rest counted', () => {
  const lines = workflowCommands([
    { ...failure('open'), outcome: 'inconclusive' },
    ...Array.from({ length: 25 }, (_, index) => failure(`finding ${index}`)),
  ]);
  expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
  expect(lines[0]).toBe('::error title=finding 0::m');
  expect(lines[9]).toBe('::error title=16 more errors::The job summary has all of them.');
  expect(lines.at(-1)).toBe('::warning title=open::m');
  expect(workflowCommands(Array.from({ length: 10 }, () => failure('x'))).at(-1)).toBe('::error title=x::m');
});

test('a summary that fits is left as it is', () => {
  const summary = summaryMarkdown(failingRun());
  expect(cutSummary(summary, Buffer.byteLength(summary), 'x')).toBe(summary);
});

test('a summary is cut to whole lines, with no code block left open, and says what is left out', () => {
  const code = '````sh\n```\nx\n';
  const cut = cutSummary(`# a\n\n${code}${'ü\n'.repeat(10_000)}\`\`\`\`\n`, 1_000, 'reports/x/summary.md');
  expect(cut).toMatch(/\nü\n````\n\n> Cut here: \d+ of 10007 lines are left out, .* reports\/x\/summary\.md\.\n$/);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1_000);
  expect(cutSummary('x\n'.repeat(1_000), 10, 'f')).toBe('');
});

test('whatever it says, it never is longer than allowed', () => {
  const line = fc.oneof(
    fc.constantFrom('```', '````', '## x', '| a |'),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 0, max: 3_000 }), (lines, most) => {
      expect(Buffer.byteLength(cutSummary(lines.join('\n'), most, 'f'))).toBeLessThanOrEqual(most);
    }),
  );
});
