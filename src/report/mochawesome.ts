import { createHash } from 'node:crypto';
import type { Finding } from '../model/verdict.ts';
import { byKind, type FindingKind } from './finding-kinds.ts';
import { runDurationMs } from './format.ts';
import { standingOf, standingWords } from './outcome-words.ts';
import type { ReportInput } from './report-input.ts';

/** A test in mochawesome's format: exactly one of pass, fail, pending and skipped is true. */
interface Test {
  title: string;
  fullTitle: string;
  timedOut: boolean;
  duration: number;
  state: 'passed' | 'failed' | 'pending';
  speed: null;
  pass: boolean;
  fail: boolean;
  pending: boolean;
  context: string;
  code: string;
  err: { message?: string; estack?: string };
  uuid: string;
  parentUUID: string;
  isHook: boolean;
  skipped: boolean;
}

interface Suite {
  uuid: string;
  title: string;
  fullFile: string;
  file: string;
  beforeHooks: [];
  afterHooks: [];
  tests: Test[];
  suites: Suite[];
  passes: string[];
  failures: string[];
  pending: string[];
  skipped: string[];
  duration: number;
  root: boolean;
  rootEmpty: boolean;
  _timeout: number;
}

export interface MochawesomeReport {
  stats: Record<string, number | string | boolean>;
  results: Suite[];
}

/**
 * The verdict in mochawesome's format: a suite a kind of finding, a test a finding, inconclusive as failed, what does not
 * count as pending.
 * Several runs stand one after the other.
 */
export const mochawesomeReport = (...runs: [ReportInput, ...ReportInput[]]): MochawesomeReport => ({
  stats: stats(runs),
  results: runs.map(rootSuite),
});

function rootSuite(input: ReportInput): Suite {
  const { verdict, plan } = input;
  return {
    ...suite(uuid(verdict.runId, ''), plan.title, []),
    root: true,
    rootEmpty: true,
    suites: byKind(verdict.findings).map((group) => kindSuite(input, group.kind, group.findings)),
  };
}

function kindSuite(input: ReportInput, kind: FindingKind, findings: Finding[]): Suite {
  const id = uuid(input.verdict.runId, `kind ${kind}`);
  return suite(
    id,
    kind,
    findings.map((finding) => test(input, kind, id, finding)),
  );
}

function suite(id: string, title: string, tests: Test[]): Suite {
  const ids = (state: Test['state']): string[] => tests.filter((item) => item.state === state).map((item) => item.uuid);
  return {
    uuid: id,
    title,
    fullFile: '',
    file: '',
    beforeHooks: [],
    afterHooks: [],
    tests,
    suites: [],
    passes: ids('passed'),
    failures: ids('failed'),
    pending: ids('pending'),
    skipped: [],
    duration: 0,
    root: false,
    rootEmpty: false,
    _timeout: 0,
  };
}

function test(input: ReportInput, kind: FindingKind, parentUUID: string, finding: Finding): Test {
  const standing = standingOf(finding);
  const passed = standing === 'pass';
  const pending = standing === 'open' || standing === 'told';
  const title = passed || standing === 'fail' ? finding.title : `${standingWords[standing]}: ${finding.title}`;
  return {
    title,
    fullTitle: `${kind} ${title}`,
    timedOut: false,
    duration: 0,
    state: passed ? 'passed' : pending ? 'pending' : 'failed',
    speed: null,
    pass: passed,
    fail: !passed && !pending,
    pending,
    context: JSON.stringify(context(input, kind, finding)),
    code: '',
    err: passed || pending ? {} : { message: finding.message },
    uuid: uuid(input.verdict.runId, finding.id),
    parentUUID,
    isHook: false,
    skipped: false,
  };
}

/** Mochawesome wants contexts as one JSON string. */
function context({ verdict }: ReportInput, kind: FindingKind, finding: Finding): { title: string; value: unknown }[] {
  const notJudged = kind === 'Latency' ? verdict.latency.filter((row) => row.outcome === null) : [];
  return [
    { title: 'What was seen', value: finding.message },
    { title: 'Evidence', value: finding.evidence },
    ...(notJudged.length > 0 ? [{ title: 'Reported, not judged', value: notJudged }] : []),
    { title: 'Run it again', value: verdict.command },
  ];
}

function stats(runs: readonly [ReportInput, ...ReportInput[]]): MochawesomeReport['stats'] {
  const verdicts = runs.map(({ verdict }) => verdict);
  const findings = verdicts.flatMap((verdict) => verdict.findings);
  const tests = findings.length;
  const passes = findings.filter((finding) => standingOf(finding) === 'pass').length;
  const pending = findings.filter((finding) => ['open', 'told'].includes(standingOf(finding))).length;
  return {
    suites: verdicts.reduce((sum, verdict) => sum + byKind(verdict.findings).length, 0),
    tests,
    passes,
    pending,
    failures: tests - passes - pending,
    start: runs[0].verdict.startedAt,
    end: verdicts.map(({ startedAt, finishedAt }) => finishedAt ?? startedAt).at(-1) ?? '',
    duration: Math.round(verdicts.reduce((sum, verdict) => sum + (runDurationMs(verdict) ?? 0), 0)),
    testsRegistered: tests,
    passPercent: tests === pending ? 0 : (passes / (tests - pending)) * 100,
    pendingPercent: tests === 0 ? 0 : (pending / tests) * 100,
    other: 0,
    hasOther: false,
    skipped: 0,
    hasSkipped: false,
  };
}

/** The same id for the same finding of the same run, shaped as a UUID (version 8: custom). */
function uuid(runId: string, name: string): string {
  const hex = createHash('sha256').update(`${runId}\n${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
