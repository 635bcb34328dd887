import type { ComparedRow, Comparison } from '../model/comparison.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { compareLatency } from './compare-latency.ts';
import { compareOrders, compareRecovery } from './compare-recovery.ts';
import { capitalised, nameOf, percent } from './words.ts';

export interface JudgedRun {
  verdict: Verdict;
  facts: Facts;
  plan: Plan;
}

/**
 * Puts two runs side by side and reports which differences are more than measuring explains. They are differences
 * between these two runs: whether they recur, more runs have to show.
 */
export function compareRuns(a: JudgedRun, b: JudgedRun): Comparison {
  const incomparable = whyNot(a, b);
  return {
    runs: [a, b].map(({ verdict }) => ({
      drill: verdict.drill,
      runId: verdict.runId,
      profile: verdict.profile,
      target: verdict.target,
      outcome: verdict.outcome,
    })),
    incomparable,
    alsoDiffers: incomparable.length > 0 ? [] : whatElse(a, b),
    rows:
      incomparable.length > 0
        ? []
        : [...compareRecovery(a, b), ...compareLatency(a, b), ...compareOrders(a, b), ...compareOutcomes(a, b)],
  };
}

/** What is asked of the shop has to be the same. */
function whyNot(a: JudgedRun, b: JudgedRun): string[] {
  const same = (what: string, of: (run: JudgedRun) => string): string[] =>
    of(a) === of(b) ? [] : [`another ${what}: ${of(a)} and ${of(b)}`];
  const reasons = [
    ...same('drill', ({ verdict }) => verdict.drill),
    ...same('target', ({ verdict }) => verdict.target),
    ...same('profile', ({ verdict }) => verdict.profile),
  ];
  const traffic = ({ plan }: JudgedRun): string => JSON.stringify([plan.profile, plan.checkoutShare ?? null]);
  if (reasons.length === 0 && traffic(a) !== traffic(b))
    reasons.push(`other traffic, though the profile is called ${a.verdict.profile} in both`);
  return reasons;
}

/** A platform's fingerprint, except for what has to be the same anyway, plus the host. */
function whatElse(a: JudgedRun, b: JudgedRun): string[] {
  const differing = (what: string, of: (run: JudgedRun) => string | number | null): string[] =>
    of(a) === of(b) ? [] : [`${what}: ${of(a) ?? 'unknown'} and ${of(b) ?? 'unknown'}`];
  const names = new Set([a, b].flatMap(({ verdict }) => Object.keys(verdict.environment.versions)));
  const named = [
    ...differing('protections taken away', ({ plan }) => plan.without.join(', ') || 'none'),
    ...[...names]
      .sort()
      .flatMap((name) => differing(name, ({ verdict }) => verdict.environment.versions[name] ?? null)),
    ...differing('commit', ({ verdict }) => verdict.environment.commit),
    ...differing('scale', ({ verdict }) => verdict.environment.scale),
    ...[a, b].flatMap((run, i) =>
      onlyIn(run, i === 0 ? b : a).map((line) => `differs from production only in ${'AB'[i]}: ${line}`),
    ),
    ...differing('CPUs of the host', ({ facts }) => facts.host.cpuCount),
    ...differing('status', ({ verdict }) => verdict.status),
    ...[a, b].flatMap(({ facts }, i) => facts.problems.map(({ message }) => `a problem of ${'AB'[i]}: ${message}`)),
  ];
  const fingerprints = a.verdict.environment.fingerprint === b.verdict.environment.fingerprint;
  return fingerprints || named.length > 0
    ? named
    : ['the fingerprint of drill and platform, in something not listed here'];
}

const onlyIn = (run: JudgedRun, other: JudgedRun): string[] =>
  run.verdict.environment.fidelity.filter((line) => !other.verdict.environment.fidelity.includes(line));

function compareOutcomes(a: JudgedRun, b: JudgedRun): ComparedRow[] {
  const outcomeIn = ({ verdict }: JudgedRun, id: string): string =>
    verdict.findings.find((finding) => finding.id === id)?.outcome ?? 'not judged';
  const titles = new Map([b, a].flatMap(({ verdict }) => verdict.findings.map(({ id, title }) => [id, title])));
  const changed = [...titles].flatMap(([id, title]): ComparedRow[] => {
    const values: [string, string] = [outcomeIn(a, id), outcomeIn(b, id)];
    if (values[0] === values[1]) return [];
    const decided = values.every((value) => value === 'pass' || value === 'fail');
    const because = decided ? 'one keeps the promise, the other breaks it' : 'one of them is no judgement';
    return [{ what: `Finding: ${title}`, values, difference: decided ? 'real' : 'unknown', because }];
  });
  const budgets = a.verdict.errorBudget.promises.map(({ path }) =>
    budgetRow(`${capitalised(nameOf[path])} error budget burned`, burned(a, path), burned(b, path)),
  );
  return [...changed, ...budgets];
}

const burned = ({ verdict }: JudgedRun, path: string): number | null =>
  verdict.errorBudget.promises.find((promise) => promise.path === path)?.burnedRatio ?? null;

function budgetRow(what: string, a: number | null, b: number | null): ComparedRow {
  const words = (ratio: number | null): string => (ratio === null ? 'not measured' : percent(ratio));
  const row = { what, values: [words(a), words(b)] as [string, string] };
  if (a === null || b === null) return { ...row, difference: 'unknown', because: 'not measured in both' };
  return a === b
    ? { ...row, difference: 'none shown', because: 'the same' }
    : { ...row, difference: 'real', because: 'counted from every call; how often it comes so, two runs do not tell' };
}
