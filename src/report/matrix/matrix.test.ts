import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { matrixWith } from '../../../tests/support/matrices.ts';
import { hostileText } from '../../../tests/support/runs/runs.ts';
import { finding, verdictWith } from '../../../tests/support/verdicts.ts';
import { matrixJunit } from './junit.ts';
import { matrixHtml } from './page.ts';
import { matrixSummary } from './summary.ts';
import { matrixLines } from './terminal.ts';
import { matrixHeadline } from './words.ts';

const missed = verdictWith([finding('orders.lost', 'pass'), finding('recovery.write', 'fail')]);
const hostile = verdictWith([{ ...finding('orders.lost', 'pass'), message: hostileText }]);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  isArray: (name) => ['testsuite', 'testcase'].includes(name),
});

test('the headline counts, and names what is left to do', () => {
  expect(matrixHeadline(matrixWith())).toBe('1 of 1 protection caught. 1 of 1 drill clean on the whole platform.');
  const interrupted = matrixWith({ quorum: null }, { status: 'interrupted', stoppedBy: 'interrupted by SIGINT' });
  expect(matrixHeadline(interrupted)).toBe(
    'It stopped early: interrupted by SIGINT. 0 of 1 protection caught. 1 of 1 drill clean on the whole platform. ' +
      'Not run: aurora-failover without quorum-commit.',
  );
  expect(matrixHeadline(matrixWith({ quorum: missed }))).toContain('Missed: aurora-failover without quorum-commit.');
});

test('the terminal says of each cell what it is, by what and why', () => {
  const lines = matrixLines(matrixWith({ quorum: missed }), { colour: false, reportPath: 'reports/prove.html' });
  expect(lines[0]).toMatch(/^FAIL {2}0 of 1 protection caught/);
  expect(lines).toContainEqual(expect.stringMatching(/✓ the whole platform +clean +All \d+ findings passed\./));
  expect(lines).toContainEqual(
    expect.stringMatching(/✗ without quorum-commit +missed +by orders\.lost: .* by recovery\.write instead\./),
  );
  expect(lines.join('\n')).toContain('Again   npm run tenfold -- prove');
});

test('JUnit has a case for each cell: a miss is a failure, a cell that has not run is skipped', () => {
  const suites = (xml: string) => {
    expect(XMLValidator.validate(xml)).toBe(true);
    return parser.parse(xml).testsuites.testsuite;
  };
  const [suite] = suites(matrixJunit(matrixWith({ quorum: missed })));
  expect(suite).toMatchObject({ name: 'aurora-failover', tests: '2', failures: '1', errors: '0', skipped: '0' });
  expect(suite.testcase.map(({ name }: { name: string }) => name)).toEqual([
    'on the whole platform it does not fail',
    'without quorum-commit it fails by orders.lost',
  ]);
  expect(suite.testcase[1].failure.type).toBe('missed');
  expect(suites(matrixJunit(matrixWith({ quorum: null })))[0]).toMatchObject({ skipped: '1', failures: '0' });
});

test('what a run said cannot break out of a page, a table or an XML file', () => {
  const matrix = matrixWith({ quorum: hostile });
  expect(matrixHtml(matrix)).not.toContain('<script>alert');
  expect(matrixSummary(matrix)).not.toContain('<script');
  expect(XMLValidator.validate(matrixJunit(matrix))).toBe(true);
});

test('the page links each cell to the report of its run', () => {
  const html = matrixHtml(matrixWith());
  expect(html).toContain('href="runs/aurora-failover/2/report.html"');
  expect(html).toContain('href="#cell-aurora-failover-quorum-commit"');
  expect(html).toContain('id="cell-aurora-failover-quorum-commit"');
});
