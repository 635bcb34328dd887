import { headline } from '../headline.ts';
import { outcomeWords } from '../outcome-words.ts';
import type { ReportInput } from '../report-input.ts';
import { budgetSection } from './budget-section.ts';
import { findingsSection } from './findings-section.ts';
import { latencySection } from './latency-section.ts';
import { jsonForScript, Markup, markup, section } from './markup.ts';
import { ordersSection } from './orders-section.ts';
import { recoverySection } from './recovery-section.ts';
import { style } from './style.ts';
import { timelineSection } from './timeline-section.ts';
import { trustSection } from './trust-section.ts';
import { verdictSection } from './verdict-section.ts';

/** The report as one HTML file, without scripts, that asks nothing of any network: its policy forbids it. */
export function reportHtml(input: ReportInput): string {
  const { verdict, plan } = input;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${headline(input)}">
<title>${outcomeWords[verdict.outcome]}: ${plan.title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${verdictSection(input)}
${findingsSection(input)}
${timelineSection(input)}
${recoverySection(input)}
${latencySection(input)}
${ordersSection(input)}
${budgetSection(input)}
${trustSection(input)}
${section('again', 'Run it again', markup`<pre tabindex="0" aria-label="Command">${verdict.command}</pre>`)}
</main>
<footer><p>tenfold, run <code>${verdict.runId}</code></p></footer>
<script type="application/json" id="verdict">${jsonForScript(verdict)}</script>
</body>
</html>
`;
  return page.html;
}
