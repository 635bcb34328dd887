import type { BurnAlertFact } from '../../model/facts.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatCount, formatObjective, formatRate, formatRatio } from '../format.ts';
import { type Measured, measured } from '../measured.ts';
import type { ReportInput } from '../report-input.ts';
import { badge, type Markup, markup, section } from './markup.ts';

/** How much of the window's error budget this drill burned, beside what one drill may burn. */
export function budgetSection({ verdict, plan, facts }: ReportInput): Markup {
  const { burnedRatio, outcome } = verdict.errorBudget;
  const allowed = plan.objectives.errorBudget.maxBurnedRatio;
  const at = (name: string, format: (value: number) => string): Measured =>
    measured(verdict, `errorBudget.${name}`, format);
  return section(
    'budget',
    'Error budget',
    markup`
    <div class="card">
      <h3><span>${at('objective', formatObjective)} of events good over ${at('windowDays', formatCount)} days</span> ${badge(outcome)}</h3>
      <p class="lead"><strong>${at('burnedRatio', formatRatio)}</strong>${burnedRatio === null ? null : ' of the budget was burned'};
        one drill may burn ${formatRatio(allowed)}.</p>
      ${burnedRatio === null ? null : bar(burnedRatio, allowed)}
      <p class="note">${at('goodEvents', formatCount)} good and ${at('badEvents', formatCount)} bad events in this run.
        ${atReferenceScale(verdict)}</p>
      ${facts?.burnAlerts ? markup`<p class="note">Alerts on this budget, with calm traffic before the run: ${facts.burnAlerts.map(wordsOf).join('; ')}.</p>` : null}
    </div>`,
  );
}

/** The same outage on the platform that the promises come from. */
function atReferenceScale(verdict: Verdict): Markup | null {
  const i = verdict.findings.findIndex(({ id }) => id === 'error-budget');
  const evidence = verdict.findings[i]?.evidence;
  if (evidence?.referenceBadEvents == null) return null;
  const at = (name: string, format: (value: number) => string): Measured =>
    measured(verdict, `findings.${i}.evidence.${name}`, format);
  return markup`At a peak of ${at('referencePeakRatePerSecond', formatRate)} the same outage would be
    ${at('referenceBadEvents', formatCount)} bad events and burn ${at('referenceBurnedRatio', formatRatio)}.`;
}

/** "page (1 h, 5 min) at 09:00:51.000" or how near it came. */
function wordsOf({ severity, longMs, shortMs, burnRate, highestBurn, firedAtMs }: BurnAlertFact): string {
  const name = `${severity} (${formatWindow(longMs)} and ${formatWindow(shortMs)})`;
  if (firedAtMs !== null) return `${name} at ${new Date(firedAtMs).toISOString().slice(11, 19)} UTC`;
  return `${name} silent, ${highestBurn.toFixed(1)} of ${burnRate} times the budget's rate`;
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
