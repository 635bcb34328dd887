import type { BurnAlertFact } from '../../model/facts.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatCount, formatObjective, formatRate, formatRatio } from '../format.ts';
import { pathLabel } from '../key-numbers.ts';
import { type Measured, measured } from '../measured.ts';
import type { ReportInput } from '../report-input.ts';
import { badge, type Markup, markup, section } from './markup.ts';

/** How much of the window's error budget this drill burned of each promise, beside what one drill may burn. */
export function budgetSection(input: ReportInput): Markup {
  return section(
    'budget',
    'Error budget',
    markup`${input.verdict.errorBudget.promises.map((promise, i) => card(input, promise, i))}`,
  );
}

type Promised = ReportInput['verdict']['errorBudget']['promises'][number];

function card(
  { verdict, plan, facts }: ReportInput,
  { path, burnedRatio, isLowerBound, outcome }: Promised,
  i: number,
): Markup {
  const allowed = plan.objectives.errorBudget.maxBurnedRatio;
  const whole = (name: string, format: (value: number) => string): Measured =>
    measured(verdict, `errorBudget.${name}`, format);
  const at = (name: string, format: (value: number) => string): Measured => whole(`promises.${i}.${name}`, format);
  const alerts = facts.budgets?.find((fact) => fact.path === path)?.alerts;
  return markup`
    <div class="card">
      <h3><span>${pathLabel(path)}: ${whole('objective', formatObjective)} of calls good over ${whole('windowDays', formatCount)} days</span> ${badge(outcome)}</h3>
      <p class="lead">${isLowerBound ? 'At least ' : null}<strong>${at('burnedRatio', formatRatio)}</strong>${burnedRatio === null ? null : ' of the budget was burned'};
        one drill may burn ${formatRatio(allowed)}.</p>
      ${burnedRatio === null ? null : bar(burnedRatio, allowed)}
      <p class="note">${at('goodEvents', formatCount)} good and ${at('badEvents', formatCount)} bad calls in this run.
        ${atReferenceScale(verdict, path)}</p>
      ${alerts ? markup`<p class="note">Alerts on this budget, given calm traffic before the run: ${alerts.map(wordsOf).join('; ')}.</p>` : null}
    </div>`;
}

/** The same outage on the platform that the promises come from. */
function atReferenceScale(verdict: Verdict, path: string): Markup | null {
  const i = verdict.findings.findIndex(({ id }) => id === `error-budget.${path}`);
  const evidence = verdict.findings[i]?.evidence;
  if (evidence?.referenceBadEvents == null) return null;
  const at = (name: string, format: (value: number) => string): Measured =>
    measured(verdict, `findings.${i}.evidence.${name}`, format);
  return markup`At a peak of ${at('referencePeakRatePerSecond', formatRate)} the same outage would mean
    ${at('referenceBadEvents', formatCount)} bad calls and burn ${at('referenceBurnedRatio', formatRatio)}.`;
}

/** "page (1 h and 5 min) fired at 09:00:51 UTC" or how near it came. */
function wordsOf({ severity, longMs, shortMs, burnRate, highestBurn, firedAtMs }: BurnAlertFact): string {
  const name = `${severity} (${formatWindow(longMs)} and ${formatWindow(shortMs)})`;
  if (firedAtMs !== null) return `${name} fired at ${new Date(firedAtMs).toISOString().slice(11, 19)} UTC`;
  return `${name} silent, burn rate at most ${highestBurn.toFixed(1)} of ${burnRate}`;
}

function formatWindow(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 60) return `${minutes} min`;
  return minutes < 24 * 60 ? `${minutes / 60} h` : `${minutes / (24 * 60)} d`;
}

/** The track ends at what a drill may burn, or at what was burned where that is more. */
function bar(burned: number, allowed: number): Markup {
  const end = Math.max(burned, allowed);
  const share = (ratio: number): string => ((ratio / end) * 100).toFixed(1);
  return markup`<span class="budget-track${burned > allowed ? ' over' : ''}" aria-hidden="true">
    <span style="width:${share(burned)}%"></span><i style="left:${share(allowed)}%"></i></span>`;
}
