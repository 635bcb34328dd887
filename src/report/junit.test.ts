import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { noFaultRun } from '../../tests/support/runs/no-fault.ts';
import { nodeLossRun } from '../../tests/support/runs/node-loss.ts';
import {
  failingRun,
  hostileRun,
  hostileText,
  inconclusiveRun,
  interruptedRun,
  passingRun,
} from '../../tests/support/runs/runs.ts';
import { clean } from './clean.ts';
import { junitXml } from './junit.ts';
import type { ReportInput } from './report-input.ts';

type Attributes = Record<string, string>;
type Case = Attributes & { failure?: Attributes; error?: Attributes; skipped?: Attributes };
type Suite = Attributes & { properties: { property: Attributes[] }; testcase: Case[] };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
});

function suitesOf(input: ReportInput): Suite[] {
  const xml = junitXml(input);
  expect(XMLValidator.validate(xml)).toBe(true);
  return parser.parse(xml).testsuites.testsuite;
}

test.each([passingRun, failingRun, inconclusiveRun, interruptedRun, nodeLossRun, noFaultRun, hostileRun])(
  '%o has what the schema requires',
  (run) => {
    const input = run();
    const suites = suitesOf(input);
    for (const [i, suite] of suites.entries()) {
      expect(
        Object.keys(suite)
          .filter((name) => !['properties', 'testcase', 'system-out', 'system-err'].includes(name))
          .toSorted(),
      ).toEqual(['errors', 'failures', 'hostname', 'id', 'name', 'package', 'skipped', 'tests', 'time', 'timestamp']);
      expect(suite.id).toBe(String(i));
      expect(suite.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      expect(suite.time).toMatch(/^\d+\.\d{3}$/);
      expect(Number(suite.tests)).toBe(suite.testcase.length);
      for (const [name, counted] of [
        ['failure', suite.failures],
        ['error', suite.errors],
        ['skipped', suite.skipped],
      ] as const)
        expect(suite.testcase.filter((one) => one[name] !== undefined)).toHaveLength(Number(counted));
    }
    expect(suites.flatMap((suite) => suite.testcase)).toHaveLength(input.verdict.findings.length);
  },
);

test('a failed finding is a failure with its numbers', () => {
  const orders = suitesOf(failingRun()).find((suite) => suite.name === 'Orders');
  expect(orders?.failures).toBe('1');
  expect(orders?.testcase[0]?.failure).toMatchObject({
    type: 'fail',
    message: '3 of 1,438 acknowledged orders are not in the database.',
  });
  expect(orders?.testcase[0]?.failure?.['#text']).toContain('lost: 3');
});

test('an inconclusive finding is an error, so that CI does not go green', () => {
  const latency = suitesOf(inconclusiveRun()).find((suite) => suite.name === 'Latency');
  expect(latency?.errors).toBe('4');
  expect(latency?.testcase[0]?.error?.type).toBe('inconclusive');
});

test('a finding that does not count is skipped, and says why', () => {
  const named = (input: ReportInput, name: string) => suitesOf(input).find((suite) => suite.name === name);
  const latency = named(passingRun(), 'Latency');
  expect(latency).toMatchObject({ skipped: '2', errors: '0', failures: '0' });
  const skipped = latency?.testcase.filter((one) => one.skipped !== undefined);
  expect(skipped?.map(({ name }) => name)).toEqual(['Checkout latency at baseline', 'Checkout latency after recovery']);
  const recovery = named(nodeLossRun(), 'Recovery');
  expect(recovery?.skipped).toBe('2');
  expect(recovery?.testcase.at(-2)?.skipped?.message).toMatch('reported, not judged');
});

test('a finding that the plan left open and that failed is a failure', () => {
  const { verdict, ...rest } = passingRun();
  const findings = verdict.findings.map((finding) =>
    finding.leftOpen ? { ...finding, outcome: 'fail' as const } : finding,
  );
  const latency = suitesOf({ ...rest, verdict: { ...verdict, findings } }).find(({ name }) => name === 'Latency');
  expect(latency).toMatchObject({ failures: '2', skipped: '0' });
});

test('every suite names the run, its commit and the command', () => {
  const properties = suitesOf(passingRun())[0]?.properties.property ?? [];
  const named = Object.fromEntries(properties.map(({ name, value }) => [name, value]));
  expect(named).toMatchObject({
    drill: 'aurora-failover',
    runId: '20261127-090000-k3f9',
    commit: '9f2c4e8ab01d5c6f7e8d9a0b1c2d3e4f5a6b7c8d',
    command: 'npm run drill -- aurora-failover --profile laptop',
  });
});

test('a working tree with changes is a property like all others', () => {
  const { verdict, ...rest } = passingRun();
  const environment = { ...verdict.environment, dirty: true };
  const properties = suitesOf({ ...rest, verdict: { ...verdict, environment } })[0]?.properties.property;
  expect(properties).toContainEqual({ name: 'dirty', value: 'true' });
});

test('the times of the suites of a run add up to what it took', () => {
  const xml = junitXml(passingRun(), interruptedRun(), failingRun());
  const suites: Suite[] = parser.parse(xml).testsuites.testsuite;
  const times = suites.map(({ time }) => Number(time));
  expect(times.filter((time) => time > 0)).toEqual([87.2, 4, 87.2]);
  expect(suites.flatMap(({ testcase }) => testcase).every(({ time }) => time === '0.000')).toBe(true);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  // Halves of surrogate pairs, control characters, noncharacters.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('true', 'false', '', ' ', ']]>', '<![CDATA[', '<!--', '-->', '&amp;', '&#0;', '&nope;', '__proto__'),
  fc.constantFrom('"', "'", '<', '&', '\n', '\u0085', '\ufffe').map((part) => part.repeat(2_000)),
);

test('whatever a platform or a config says, the file is well-formed and says it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const testcase = suitesOf(hostileRun(text))[0]?.testcase[0];
      const said = clean(text).replace(/[\t\n\r]/g, ' ');
      expect(testcase?.name?.replace(/[\t\n\r]/g, ' ').trim()).toBe(said.trim());
    }),
    { numRuns: 100 },
  );
});

test('hostile text comes through, but for the characters that XML cannot hold', () => {
  const title = suitesOf(hostileRun())[0]?.testcase[0]?.name;
  expect(title).toBe(hostileText.replace(/\p{Cc}/gu, '\uFFFD'));
});
