import { expect, test } from 'vitest';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import { passingRun } from '../../tests/support/runs/runs.ts';
import { reportHtml } from './html/page.ts';
import { detailText, keyNumbers } from './key-numbers.ts';
import { inASentence, slowest, stretchesOf, unknownSteps } from './replacements.ts';
import { summaryMarkdown } from './summary.ts';
import { terminalLines } from './terminal.ts';

const { replacements = [] } = nodeLossRun().verdict;
const [whole, unready, additional] = replacements;
const whereItWent =
  '21.12 s until NotReady, 10.20 s tolerated, 200 ms until scheduled, 1.40 s until started, 5 s until ready, 400 ms to the first request';

test('a sentence tells where the time went, from the last sign of life of the node to the first request', () => {
  expect(whole && inASentence(whole)).toBe(whereItWent);
});

test('a pod that did not get ready is told as far as it came, and one that replaces none from its creation on', () => {
  expect(unready && inASentence(unready)).toMatch(/ 2\.08 s until started$/);
  expect(additional && inASentence(additional)).toBe(
    '100 ms until scheduled, 200 ms until started, 4.70 s until ready, 100 ms until in EndpointSlice',
  );
});

test('stretches lie end to end, and leave out what is unknown', () => {
  const stretches = stretchesOf(whole?.steps ?? []);
  expect(stretches).toHaveLength(9);
  expect(stretches.slice(1).every(({ startMs }, i) => startMs === stretches[i]?.endMs)).toBe(true);
  const sum = stretches.reduce((all, { startMs, endMs }) => all + endMs - startMs, 0);
  expect(sum).toBeCloseTo(37_500 + 820);
});

test('the headline is the pod that came last, one that never served before all others', () => {
  expect(slowest(nodeLossRun().verdict)).toMatchObject({ replacement: { pod: 'api-7f9c-e5' }, step: 'served' });
  const { verdict, ...rest } = nodeLossRun();
  const tile = keyNumbers({ ...rest, verdict: { ...verdict, replacements: replacements.slice(0, 1) } }).find(
    ({ label }) => label.startsWith('Last replacement pod'),
  );
  expect(tile).toMatchObject({ label: 'Last replacement pod serves', value: { text: '37.50 s' }, outcome: null });
  expect(detailText(tile?.detail ?? [])).toBe(whereItWent);
});

test('each report has every pod, and why a step is unknown', () => {
  expect(unknownSteps(replacements)).toContain('ready: not seen while the load was on');
  const html = reportHtml(nodeLossRun());
  expect(html).toContain('data-path="replacements.0.steps.0.afterMs" data-value="-820"');
  expect(html).toContain('Unknown: ');
  expect(summaryMarkdown(nodeLossRun())).toContain(
    `| \\\`api-7f9c-d4\\\` | node-5 | \\\`api-7f9c-a1\\\` | ${whereItWent} |`.replaceAll('\\`', '`'),
  );
  const lines = terminalLines(nodeLossRun(), { colour: false, reportPath: 'r' });
  expect(lines).toContain(`  api-7f9c-d4  ${whereItWent}`);
});

test('a run that knows none has neither heading nor number', () => {
  const { verdict } = passingRun();
  expect(verdict).not.toHaveProperty('replacements');
  for (const text of [reportHtml(passingRun()), summaryMarkdown(passingRun())])
    expect(text).not.toContain('Replacement pods');
  expect(slowest(verdict)).toBeNull();
});
