import type { Capacity } from '../model/capacity.ts';
import type { Facts } from '../model/facts.ts';
import type { AskedDrill, ReviewedDrill, ReviewedPromise, Risk } from '../model/review.ts';
import { counted, type Finding, type Verdict, worst } from '../model/verdict.ts';
import { boundedPercentile } from './runs-needed.ts';
import { coveringAll } from './waivers.ts';

/** A run as a review has it: a copy of what its folder says, with the checksum of its verdict. */
export interface EvidenceRun {
  folder: string;
  sha256: string;
  verdict: Verdict;
  facts: Pick<Facts, 'budgets' | 'fault'> & Partial<Pick<Facts, 'runbook'>>;
  /** What it says about how much the shop carries, by its facts; null: it was none in steps. */
  capacity: Capacity | null;
}

/** A broken promise counts however the run ended: a drill that is stopped because shoppers fail has failed. */
export const hasFailed = ({ outcome }: Pick<Verdict, 'outcome'>): boolean => outcome === 'fail';
export const hasPassed = ({ status, outcome }: Pick<Verdict, 'status' | 'outcome'>): boolean =>
  status === 'completed' && outcome === 'pass';

/** What the runs of a drill show, promise by promise. @param runs oldest first */
export function reviewDrill(asked: AskedDrill, runs: readonly EvidenceRun[], waivers: readonly Risk[]): ReviewedDrill {
  const { drill, title, runsNeeded } = asked;
  const counting = runs.filter(({ verdict }) => hasFailed(verdict) || hasPassed(verdict));
  const failed = counting.filter(({ verdict }) => hasFailed(verdict)).length;
  const passed = counting.length - failed;
  const isEnough = counting.length >= runsNeeded;
  const promises = promisesOf(counting, runs);
  const broken = promises.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
  return {
    drill,
    title,
    runsNeeded,
    passed,
    failed,
    undecided: runs.length - counting.length,
    outcome: failed > 0 ? 'fail' : isEnough ? 'pass' : 'inconclusive',
    waivedBy: coveringAll(waivers, drill, broken).map(({ id }) => id),
    promises,
    runs: runs.map(({ folder, sha256, verdict: { runId, status, outcome, startedAt } }) => ({
      runId,
      folder,
      status,
      outcome,
      startedAt,
      sha256,
    })),
    alerts: alertsOf(counting),
    runbook: rehearsed(runs),
    burnedRatio: mostBurned(counting),
  };
}

/**
 * Each finding of any run that can be kept or broken, in the order of the newest run.
 * @param all those that say neither, too
 */
function promisesOf(runs: readonly EvidenceRun[], all: readonly EvidenceRun[]): ReviewedPromise[] {
  const ids = new Set(
    runs.toReversed().flatMap(({ verdict }) => verdict.findings.filter(isJudged).map(({ id }) => id)),
  );
  return [...ids].map((id) =>
    promiseOf(
      id,
      runs.filter(({ verdict }) => verdict.findings.some((one) => one.id === id && isJudged(one))),
      recoveryOf(id, all),
    ),
  );
}

/** One that the profile cannot show is no evidence of either. */
const isJudged = (finding: Finding): boolean => counted([finding]).length > 0;

function promiseOf(id: string, runs: readonly EvidenceRun[], recovery: ReviewedPromise['recovery']): ReviewedPromise {
  const findings = runs.map((run) => ({ run, finding: findingOf(run, id) as Finding }));
  const worstFirst = findings.toSorted((a, b) => badness(b.run, b.finding) - badness(a.run, a.finding));
  const [{ run, finding }] = worstFirst as [(typeof findings)[number]];
  const having = (outcome: Finding['outcome']) => findings.filter((one) => one.finding.outcome === outcome).length;
  return {
    id,
    title: finding.title,
    kept: having('pass'),
    broken: having('fail'),
    undecided: having('inconclusive'),
    outcome: worst(findings.flatMap((one) => one.finding.outcome ?? [])),
    worst: finding.message,
    worstRun: run.verdict.runId,
    recovery,
  };
}

const findingOf = ({ verdict }: EvidenceRun, id: string): Finding | undefined =>
  verdict.findings.find((one) => one.id === id);

/** First by outcome; among recoveries of one outcome, the longest. */
function badness(run: EvidenceRun, { id, outcome }: Finding): number {
  const rank = { pass: 0, inconclusive: 1, fail: 2 }[outcome ?? 'pass'];
  const actualMs = recoveryRow(run, id)?.actualMs;
  return rank + (actualMs == null ? 0 : actualMs / (actualMs + 1e9));
}

type RecoveryRow = Verdict['recovery'][number];

const recoveryRow = ({ verdict }: EvidenceRun, id: string): RecoveryRow | undefined =>
  verdict.recovery.find(({ path }) => id === `recovery.${path}`);

/**
 * Of all runs that saw a recovery, or an outage without one: those that were too slow to tell whether they were in time say neither, and
 * a bound on the others alone would be too low. What a person interrupted, or what crashed, was not ended by how slow it was.
 */
function recoveryOf(id: string, runs: readonly EvidenceRun[]): ReviewedPromise['recovery'] {
  const rows = runs
    .filter(({ verdict }) => hasFailed(verdict) || verdict.status === 'completed' || verdict.status === 'stopped')
    .flatMap((run) => recoveryRow(run, id) ?? [])
    .filter((row) => row.outcome !== null && (row.outcome !== 'inconclusive' || isTooSlowToTell(row)));
  if (rows.length === 0) return null;
  const times = rows.map(({ actualMs, uncertaintyMs }) => (actualMs === null ? null : actualMs + (uncertaintyMs ?? 0)));
  return {
    // Runs of one plan promise the same.
    objectiveMs: Math.min(...rows.map(({ objectiveMs }) => objectiveMs)),
    worstMs: times.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b))),
    percentile: times.includes(null) ? null : boundedPercentile(rows.length),
  };
}

/** Whether it is inconclusive for how long it took, and not because the evidence is in doubt. */
const isTooSlowToTell = ({
  actualMs,
  uncertaintyMs,
  objectiveMs,
  outageStart,
  serviceRestoredMs,
}: RecoveryRow): boolean =>
  actualMs === null
    ? outageStart !== null && serviceRestoredMs === null
    : Math.abs(actualMs - objectiveMs) <= (uncertaintyMs ?? 0);

/** What alerts on the error budget, with the windows of the SRE workbook, would have done. */
function alertsOf(runs: readonly EvidenceRun[]): ReviewedDrill['alerts'] {
  const told = runs.filter(({ facts }) => facts.budgets != null);
  const fired = (run: EvidenceRun, severity: string): number[] =>
    (run.facts.budgets ?? [])
      .flatMap(({ alerts }) => alerts)
      .flatMap((alert) => (alert.severity === severity && alert.firedAtMs !== null ? [alert.firedAtMs] : []));
  const pagedAfterMs = told.flatMap((run) => {
    const injectedAtMs = run.facts.fault?.injectedAtMs;
    return injectedAtMs == null ? [] : fired(run, 'page').map((atMs) => atMs - injectedAtMs);
  });
  return {
    of: told.length,
    paged: told.filter((run) => fired(run, 'page').length > 0).length,
    ticketed: told.filter((run) => fired(run, 'ticket').length > 0).length,
    pageSoonestMs: pagedAfterMs.length === 0 ? null : Math.min(...pagedAfterMs),
  };
}

/** The steps of the newest run's runbook; each of them as somebody last did it, in whichever run. */
function rehearsed(runs: readonly EvidenceRun[]): ReviewedDrill['runbook'] {
  const books = runs.flatMap(({ facts }) => facts.runbook ?? []);
  const newest = books.at(-1);
  if (newest === undefined) return null;
  return newest.steps.map(({ id, title }) => {
    const done = books.flatMap(({ steps }) => steps).findLast((step) => step.id === id && step.doneAt !== null);
    return { title, by: done?.by ?? null, doneAt: done?.doneAt ?? null };
  });
}

function mostBurned(runs: readonly EvidenceRun[]): number | null {
  const burned = runs.flatMap(({ verdict }) =>
    verdict.errorBudget.promises.flatMap(({ burnedRatio }) => burnedRatio ?? []),
  );
  return burned.length === 0 ? null : Math.max(...burned);
}
