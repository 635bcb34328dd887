import { XMLBuilder } from 'fast-xml-parser';
import type { Finding, Verdict } from '../model/verdict.ts';
import { byKind, kindOf } from './finding-kinds.ts';
import { runDurationMs } from './format.ts';
import type { ReportInput } from './report-input.ts';

type Element = Record<string, unknown>;

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
});

/** JUnit XML: a suite a kind of finding, a case a finding. An inconclusive finding is an <error>, so that CI goes red. */
export function junitXml({ verdict }: ReportInput): string {
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      testsuite: byKind(verdict.findings).map((group, id) => suite(verdict, group.kind, group.findings, id)),
    },
  };
  return builder.build(document);
}

function suite(verdict: Verdict, kind: string, findings: Finding[], id: number): Element {
  const count = (outcome: Finding['outcome']): number =>
    findings.filter((finding) => finding.outcome === outcome).length;
  return {
    '@name': kind,
    '@id': id,
    '@package': `tenfold.${identifier(verdict.drill)}`,
    '@hostname': identifier(verdict.target),
    // The schema's type is a date and time without a zone; it is UTC.
    '@timestamp': verdict.startedAt.slice(0, 19),
    '@tests': findings.length,
    '@failures': count('fail'),
    '@errors': count('inconclusive'),
    '@skipped': 0,
    '@time': seconds(runDurationMs(verdict)),
    properties: { property: properties(verdict) },
    testcase: findings.map((finding) => testCase(verdict, finding)),
    'system-out': '',
    'system-err': '',
  };
}

function testCase(verdict: Verdict, finding: Finding): Element {
  const details = { '@message': clean(finding.message), '#text': clean(evidenceLines(finding)) };
  return {
    '@name': clean(finding.title),
    '@classname': `tenfold.${identifier(verdict.drill)}.${identifier(kindOf(finding))}`,
    // A finding is judged after the run: it has no duration of its own.
    '@time': seconds(null),
    ...(finding.outcome === 'fail' && { failure: { '@type': 'fail', ...details } }),
    ...(finding.outcome === 'inconclusive' && { error: { '@type': 'inconclusive', ...details } }),
  };
}

function properties(verdict: Verdict): Element[] {
  const { commit, dirty, fingerprint } = verdict.environment;
  const values = {
    drill: verdict.drill,
    runId: verdict.runId,
    target: verdict.target,
    profile: verdict.profile,
    outcome: verdict.outcome,
    status: verdict.status,
    commit: commit ?? 'unknown',
    dirty: String(dirty ?? 'unknown'),
    fingerprint,
    command: verdict.command,
  };
  return Object.entries(values).map(([name, value]) => ({ '@name': name, '@value': clean(value) }));
}

const evidenceLines = (finding: Finding): string =>
  [
    finding.message,
    ...Object.entries(finding.evidence).map(([name, value]) => `${name}: ${value ?? 'not measured'}`),
  ].join('\n');

const seconds = (ms: number | null): string => ((ms ?? 0) / 1000).toFixed(3);

/** XML 1.0 has no way to write most control characters, nor half a surrogate pair. */
const clean = (text: string): string => text.toWellFormed().replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD');

const identifier = (text: string): string => text.replace(/[^\w-]+/g, '-');
