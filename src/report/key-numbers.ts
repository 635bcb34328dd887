import type { Outcome, Verdict } from '../model/verdict.ts';
import { kindOf } from './finding-kinds.ts';
import { formatCount, formatMs, formatRate, formatRatio } from './format.ts';
import { type Measured, measured } from './measured.ts';
import { standingOf } from './outcome-words.ts';
import { recoveryTime } from './recovery-time.ts';
import { inASentence, slowest } from './replacements.ts';
import type { ReportInput } from './report-input.ts';

/** A number that a person looks for first, with what it is measured against. Text and values alternate freely. */
export interface KeyNumber {
  label: string;
  value: Measured;
  detail: (Measured | string)[];
  /** null: reported, not judged. */
  outcome: Outcome | null;
}

/** Recovery, replacement pods, autoscaling, p99 at peak, orders, error budget and load: in that order, each from verdict.json. */
export function keyNumbers({ verdict, plan }: ReportInput): KeyNumber[] {
  const at = (path: string, format: (value: number) => string): Measured => measured(verdict, path, format);

  const recovery = verdict.recovery.map((item, i) => ({
    label: `Recovery, ${item.path}`,
    value: recoveryTime(verdict, i),
    detail: ['objective ', at(`recovery.${i}.objectiveMs`, formatMs)],
    outcome: item.outcome,
  }));
  const autoscaling = verdict.findings.flatMap((finding, i) =>
    finding.id === 'autoscaling'
      ? [
          {
            label: 'Autoscaling lag',
            value: at(`findings.${i}.evidence.lagMs`, formatMs),
            detail: ['objective ', at(`findings.${i}.evidence.maxLagMs`, formatMs)],
            outcome: finding.outcome,
          },
        ]
      : [],
  );
  const latency = verdict.latency.flatMap((item, i) =>
    item.phase === 'peak'
      ? [
          {
            label: `${pathLabel(item.path)} p99 at peak`,
            value: at(`latency.${i}.p99Ms`, formatMs),
            detail: ['limit ', at(`latency.${i}.limitMs`, formatMs)],
            outcome: countsAs(verdict, `latency.${item.path}.${item.phase}`, item.outcome),
          },
        ]
      : [],
  );
  const orders = {
    label: 'Orders lost',
    value: at('orders.lost', formatCount),
    detail: [
      at('orders.acknowledged', formatCount),
      ' acknowledged, ',
      at('orders.duplicated', formatCount),
      ' duplicated',
    ],
    outcome: verdict.orders.outcome,
  };
  const budgets = verdict.errorBudget.promises.map((promise, i) => ({
    label: `${verdict.errorBudget.windowDays}-day ${pathLabel(promise.path)} error budget burned`,
    value: at(`errorBudget.promises.${i}.burnedRatio`, formatRatio),
    detail: [
      `${promise.isLowerBound ? 'or more; ' : ''}at most ${formatRatio(plan.objectives.errorBudget.maxBurnedRatio)} per drill`,
    ],
    outcome: promise.outcome,
  }));
  const load = {
    label: 'Requests at peak',
    value: at('load.peakRatePerSecond', formatRate),
    detail: ['planned ', at('load.plannedPeakRatePerSecond', formatRate)],
    outcome: verdict.findings.find((finding) => kindOf(finding) === 'Peak')?.outcome ?? null,
  };
  return [...recovery, ...replacement(verdict), ...autoscaling, ...latency.toReversed(), orders, ...budgets, load];
}

/** How long the last replacement pod took, and where its time went. */
function replacement(verdict: Verdict): KeyNumber[] {
  const last = slowest(verdict);
  if (last === null) return [];
  const { replacement, path, step } = last;
  return [
    {
      label: step === 'served' ? 'Last replacement pod serves' : 'Last replacement pod ready',
      value: measured(verdict, path, formatMs),
      detail: [inASentence(replacement)],
      outcome: null,
    },
  ];
}

/** null where the plan left it open: an outcome that does not count is none to look at first. */
function countsAs(verdict: Verdict, id: string, outcome: Outcome | null): Outcome | null {
  const finding = verdict.findings.find((one) => one.id === id);
  return finding && standingOf(finding) === 'open' ? null : outcome;
}

export const pathLabel = (path: string): string =>
  path === 'api' ? 'API' : path.charAt(0).toUpperCase() + path.slice(1);

/** The detail as plain text. */
export const detailText = (detail: KeyNumber['detail']): string =>
  detail.map((part) => (typeof part === 'string' ? part : part.text)).join('');
