import { headline } from '../headline.ts';
import type { ReportInput } from '../report-input.ts';
import { budgetSection } from './budget-section.ts';
import { capacitySection } from './capacity-section.ts';
import { failuresSection } from './failures-section.ts';
import { findingsSection } from './findings-section.ts';
import { latencySection } from './latency-section.ts';
import { markup, section } from './markup.ts';
import { ordersSection } from './orders-section.ts';
import { recoverySection } from './recovery-section.ts';
import { replacementsSection } from './replacements-section.ts';
import { runbookSection } from './runbook-section.ts';
import { command, pageHtml } from './shell.ts';
import { timelineSection } from './timeline-section.ts';
import { trustSection } from './trust-section.ts';
import { verdictSection } from './verdict-section.ts';

/** The report of a run. */
export function reportHtml(input: ReportInput): string {
  const { verdict, plan } = input;
  const body = markup`${verdictSection(input)}
${timelineSection(input)}
${findingsSection(input)}
${recoverySection(input)}
${replacementsSection(input)}
${latencySection(input)}
${failuresSection(input)}
${ordersSection(input)}
${capacitySection(input)}
${budgetSection(input)}
${runbookSection(input)}
${trustSection(input)}
${section('again', 'Run it again', command(verdict.command))}`;
  return pageHtml({
    outcome: verdict.outcome,
    title: plan.title,
    description: headline(input),
    body,
    footer: markup`<p>tenfold, run <code>${verdict.runId}</code></p>`,
    data: { id: 'verdict', value: verdict },
  });
}
