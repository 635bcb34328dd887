import type { Finding, Verdict } from '../model/verdict.ts';
import { clean } from './clean.ts';
import { byKind, kindOf } from './finding-kinds.ts';
import { runDurationMs } from './format.ts';
import { type Element, identifier, junitDocument, propertiesOf, seconds } from './junit-document.ts';
import { type Standing, standingOf } from './outcome-words.ts';
import type { ReportInput } from './report-input.ts';

/**
 * JUnit XML: a suite a kind of finding, a case a finding. An inconclusive finding is an <error>, so that CI goes red; one that does not
 * count is skipped.
 * Several runs stand one after the other.
 */
export function junitXml(...runs: ReportInput[]): string {
  const suites = runs.flatMap(({ verdict }) =>
    byKind(verdict.findings).map(({ kind, findings }, index) => ({
      ...suite(verdict, kind, findings),
      // Whoever adds suites up gets what the run took: it is in its first suite, and judging takes no time.
      '@time': seconds(index === 0 ? runDurationMs(verdict) : 0),
    })),
  );
  return junitDocument(suites.map((suite, id) => ({ ...suite, '@id': id })));
}

function suite(verdict: Verdict, kind: string, findings: Finding[]): Element {
  const count = (...standings: Standing[]): number =>
    findings.filter((finding) => standings.includes(standingOf(finding))).length;
  return {
    '@name': kind,
    '@package': `tenfold.${identifier(verdict.drill)}`,
    '@hostname': identifier(verdict.target),
    // The schema's type is a date and time without a zone; it is UTC.
    '@timestamp': verdict.startedAt.slice(0, 19),
    '@tests': findings.length,
    '@failures': count('fail'),
    '@errors': count('inconclusive'),
    '@skipped': count('open', 'told'),
    properties: { property: properties(verdict) },
    testcase: findings.map((finding) => testCase(verdict, finding)),
    'system-out': '',
    'system-err': '',
  };
}

function testCase(verdict: Verdict, finding: Finding): Element {
  const standing = standingOf(finding);
  const details = { '@message': clean(finding.message), '#text': clean(evidenceLines(finding)) };
  return {
    '@name': clean(finding.title),
    '@classname': `tenfold.${identifier(verdict.drill)}.${identifier(kindOf(finding))}`,
    // A finding is judged after the run: it has no duration of its own.
    '@time': seconds(null),
    ...(standing === 'fail' && { failure: { '@type': 'fail', ...details } }),
    ...(standing === 'inconclusive' && { error: { '@type': 'inconclusive', ...details } }),
    ...((standing === 'open' || standing === 'told') && { skipped: { '@message': details['@message'] } }),
  };
}

function properties(verdict: Verdict): Element[] {
  const { commit, dirty, fingerprint } = verdict.environment;
  return propertiesOf({
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
  });
}

const evidenceLines = (finding: Finding): string =>
  [
    finding.message,
    ...Object.entries(finding.evidence).map(([name, value]) => `${name}: ${value ?? 'not measured'}`),
  ].join('\n');
