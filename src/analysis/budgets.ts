import type { BudgetFact } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type LatencyPath, latencyPaths, shareOf } from '../model/profile.ts';
import { burnAlerts, type Second } from './burn-alerts.ts';
import type { EvidenceStore } from './evidence-store.ts';

/** An outage is open at the load's end if this share of the calls of its last seconds was bad, and at least two. */
const openSeconds = 3;
const openShare = 0.05;

/**
 * What each promise lost over the whole run, and whether alerts on its budget would have fired. A retry is not an event of
 * its own: an outage must not count as often as its shoppers are patient.
 */
export async function budgetFacts(store: EvidenceStore, plan: Plan, loadEndMs: number | null): Promise<BudgetFact[]> {
  const facts: BudgetFact[] = [];
  for (const path of latencyPaths) facts.push(await budgetOf(store, plan, path, loadEndMs));
  return facts;
}

async function budgetOf(
  store: EvidenceStore,
  { profile, objectives, checkoutShare }: Plan,
  path: LatencyPath,
  loadEndMs: number | null,
): Promise<BudgetFact> {
  const [row] =
    await store.rows(`SELECT sum(calls) FILTER (NOT bad)::DOUBLE AS good, sum(calls) FILTER (bad)::DOUBLE AS bad,
    sum(calls) FILTER (bad AND (robbed OR late))::DOUBLE AS robbed_bad FROM call_counts WHERE first_try AND path = '${path}'`);
  const { startMs, seconds } = await secondsOf(store, path);
  return {
    path,
    good: Number(row?.good ?? 0),
    bad: Number(row?.bad ?? 0),
    robbedBad: Number(row?.robbed_bad ?? 0),
    openAtEnd: isOpen(seconds, startMs, loadEndMs),
    alerts: burnAlerts(
      seconds,
      startMs,
      profile.baselineRatePerSecond * shareOf(path, checkoutShare),
      1 - objectives.errorBudget.objective,
    ),
  };
}

/** Calls by the second in which they ended, silent seconds included. */
async function secondsOf(store: EvidenceStore, path: LatencyPath): Promise<{ startMs: number; seconds: Second[] }> {
  const rows = await store.rows(`SELECT end_second AS second, sum(calls)::DOUBLE AS calls,
      coalesce(sum(calls) FILTER (bad), 0)::DOUBLE AS bad
      FROM call_counts WHERE first_try AND path = '${path}' GROUP BY second ORDER BY second`);
  const first = Number(rows[0]?.second ?? 0);
  const indexOf = (row: Record<string, unknown> | undefined) => (Number(row?.second) - first) / 1_000_000;
  const length = rows.length === 0 ? 0 : indexOf(rows.at(-1)) + 1;
  const seconds: Second[] = Array.from({ length }, () => ({ calls: 0, bad: 0 }));
  for (const row of rows) seconds[indexOf(row)] = { calls: Number(row.calls), bad: Number(row.bad) };
  return { startMs: first / 1_000, seconds };
}

function isOpen(seconds: Second[], startMs: number, loadEndMs: number | null): boolean {
  const end = loadEndMs === null ? seconds.length : Math.floor((loadEndMs - startMs) / 1000);
  // What ends after the load's end was sent before it.
  const last = seconds.slice(Math.max(0, end - openSeconds));
  const [calls, bad] = [last.reduce((sum, one) => sum + one.calls, 0), last.reduce((sum, one) => sum + one.bad, 0)];
  return bad >= Math.max(2, calls * openShare);
}
