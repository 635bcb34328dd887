import { formatCount, formatObjective, formatRatio } from '../format.ts';
import { type Measured, measured } from '../measured.ts';
import type { ReportInput } from '../report-input.ts';
import { badge, type Markup, markup, section } from './markup.ts';

/** How much of the window's error budget this drill burned, beside what one drill may burn. */
export function budgetSection({ verdict, plan }: ReportInput): Markup {
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
      <p class="note">${at('goodEvents', formatCount)} good and ${at('badEvents', formatCount)} bad events in this run.</p>
    </div>`,
  );
}

/** The track ends at what a drill may burn, or at what was burned where that is more. */
function bar(burned: number, allowed: number): Markup {
  const end = Math.max(burned, allowed);
  const share = (ratio: number): string => ((ratio / end) * 100).toFixed(1);
  return markup`<span class="budget-track${burned > allowed ? ' over' : ''}" aria-hidden="true">
    <span style="width:${share(burned)}%"></span><i style="left:${share(allowed)}%"></i></span>`;
}
