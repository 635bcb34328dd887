import type { LoadPodFact } from '../../model/facts.ts';
import type { Verdict } from '../../model/verdict.ts';
import {
  formatCount,
  formatInstant,
  formatMs,
  formatRate,
  formatRatio,
  notMeasured,
  orNotMeasured,
} from '../format.ts';
import { type Measured, measured, measuredText } from '../measured.ts';
import type { ReportInput } from '../report-input.ts';
import { type Markup, markup, section } from './markup.ts';

type Row = [term: string, value: Markup | Measured | string];

/** What the verdict rests on: a number that nobody can check convinces nobody. */
export function trustSection(input: ReportInput): Markup {
  const { verdict, facts } = input;
  return section(
    'trust',
    'What this result rests on',
    markup`
    ${problems(facts.problems)}
    <div class="cards">
      ${card('Did the fault take effect?', faultRows(input))}
      ${card('Was the peak reached?', peakRows(input))}
      ${card('Was enough measured?', sampleRows(input))}
      ${card('Did the host keep up?', hostRows(input))}
      ${card('What was tested?', identityRows(verdict))}
      ${fidelity(input)}
    </div>`,
  );
}

const card = (title: string, rows: Row[]): Markup => markup`
  <div class="card"><h3>${title}</h3><dl class="rows">${rows.map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></div>`;

const instant = (verdict: Verdict, path: string): Measured => measuredText(verdict, path, formatInstant);

function faultRows({ verdict, plan }: ReportInput): Row[] {
  if (plan.fault === null) return [['Fault', 'this drill has none']];
  if (verdict.fault === null) return [['Fault', 'none was injected']];
  return [
    ['Fault', measuredText(verdict, 'fault.kind')],
    ['Injected', instant(verdict, 'fault.injectedAt')],
    ['Proven', instant(verdict, 'fault.provenAt')],
    ['Proof', measuredText(verdict, 'fault.proof')],
    ['Reverted', instant(verdict, 'fault.revertedAt')],
  ];
}

function peakRows({ verdict, facts }: ReportInput): Row[] {
  const load = (name: string, format: (value: number) => string): Measured => measured(verdict, `load.${name}`, format);
  const { generator } = verdict.load;
  return [
    ['Peak proven', instant(verdict, 'load.peakProvenAt')],
    ['Achieved at peak', load('peakRatePerSecond', formatRate)],
    ['Planned at peak', load('plannedPeakRatePerSecond', formatRate)],
    ['Baseline', load('baselineRatePerSecond', formatRate)],
    ['Dropped iterations', load('dropped', formatCount)],
    [
      'Generator',
      markup`${generator.name} ${generator.version}, exit code ${measured(verdict, 'load.generator.exitCode', String)}`,
    ],
    [
      'Virtual users',
      markup`at most ${load('generator.maxVus', formatCount)} used of ${load('generator.availableVus', formatCount)}`,
    ],
    ...(facts.load.pods ?? []).map(podRow),
  ];
}

function podRow({ pod, node, zone, because, lost, clockOffMs }: LoadPodFact): Row {
  const clock = clockOffMs === null ? 'clock not measured' : `clock at most ${formatMs(clockOffMs)} off`;
  return [`Runner ${pod}`, `${lost ? 'lost: ' : ''}${because}; on ${node}${zone ? ` in ${zone}` : ''}; ${clock}`];
}

function sampleRows({ verdict, facts }: ReportInput): Row[] {
  const calls = verdict.latency.reduce((sum, row) => sum + row.count, 0);
  const probes = facts.recovery.map((item): Row => {
    const what = item.ready === null ? 'Probes' : 'Readings of the platform';
    return [`${what}, ${item.path}`, formatCount(item.probes)];
  });
  const uncertainty = verdict.recovery.map(
    (item, i): Row => [
      `Uncertainty, ${item.path}`,
      markup`&#177; ${measured(verdict, `recovery.${i}.uncertaintyMs`, formatMs)}`,
    ],
  );
  return [
    ['Calls in the phases', verdict.latency.length > 0 ? formatCount(calls) : notMeasured],
    ...probes,
    ...uncertainty,
  ];
}

function hostRows({ facts: { host } }: ReportInput): Row[] {
  return [
    ['CPUs', host.cpuCount === null ? notMeasured : String(host.cpuCount)],
    ['CPU busy', orNotMeasured(host.busyRatio, formatRatio)],
    ['Waiting for a CPU (PSI some)', orNotMeasured(host.cpuPressureRatio, formatRatio)],
    ['Stolen by the hypervisor', orNotMeasured(host.stealRatio, formatRatio)],
    ['Probe lateness, p99', orNotMeasured(host.sentinelLatenessP99Ms, formatMs)],
  ];
}

function identityRows(verdict: Verdict): Row[] {
  const { commit, dirty, versions, fingerprint } = verdict.environment;
  const state = dirty === null ? '' : dirty ? ', with uncommitted changes' : ', clean';
  return [
    ['Run', markup`<code>${verdict.runId}</code>`],
    ['Commit', commit === null ? 'unknown' : markup`<code>${commit.slice(0, 12)}</code>${state}`],
    ['Fingerprint', markup`<code>${fingerprint}</code>`],
    ...Object.entries(versions),
  ];
}

function fidelity({ verdict: { environment }, plan }: ReportInput): Markup {
  const because = plan.scale ? `: ${plan.scale.because}` : '';
  return markup`<div class="card fidelity"><h3>What differs from production?</h3><p>Scale: ${environment.scale}${because}.</p>
    <ul>${environment.fidelity.map((line) => markup`<li>${line}</li>`)}</ul></div>`;
}

function problems(list: { about: string; message: string }[]): Markup | null {
  if (list.length === 0) return null;
  return markup`<div class="card problems"><h3>What stood in the way</h3>
    <ul>${list.map(({ about, message }) => markup`<li><b>${about}</b>: ${message}</li>`)}</ul></div>`;
}
