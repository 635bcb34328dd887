import { formatMs } from '../format.ts';
import { measured } from '../measured.ts';
import { inASentence, type Replacement, stepNames, stepsTold, stretchesOf, unknownSteps } from '../replacements.ts';
import type { ReportInput } from '../report-input.ts';
import { type Markup, markup, section, wideTable } from './markup.ts';

const maxRows = 60;

/** Where the time of each replacement pod went: a row of bars each, and the instants with who told of them. */
export function replacementsSection({ verdict, plan }: ReportInput): Markup | null {
  const { replacements = [] } = verdict;
  if (replacements.length === 0) return null;
  const shown = replacements.slice(0, maxRows);
  const since = plan.fault === null ? 'the peak began' : 'the injection';
  const left = replacements.length - shown.length;
  return section(
    'replacements',
    'Replacement pods',
    markup`
    <div class="card">${gantt(shown)}
      ${wideTable(
        'Steps of each replacement pod',
        markup`
      <table class="steps"><caption>When each step was known here, since ${since}; it may have been earlier by as much as stands below it</caption>
        <thead><tr><th scope="col">Pod</th><th scope="col">In place of</th>
          ${stepsTold(replacements).map((step) => markup`<th scope="col" class="number">${stepNames[step]}</th>`)}</tr></thead>
        <tbody>${shown.map((replacement, i) => row({ verdict }, replacement, i))}</tbody></table>`,
      )}
      ${left > 0 ? markup`<p class="note">The first ${maxRows} of ${replacements.length}.</p>` : null}
      ${unknown(replacements)}
    </div>`,
  );
}

/** All pods on one scale, from the last sign of life of a node to the last first request. */
function gantt(replacements: readonly Replacement[]): Markup {
  const rows = replacements.map(({ pod, steps, ...rest }) => ({
    pod,
    sentence: inASentence({ pod, steps, ...rest }),
    stretches: stretchesOf(steps),
  }));
  const all = rows.flatMap(({ stretches }) => stretches);
  const fromMs = Math.min(0, ...all.map(({ startMs }) => startMs));
  const lengthMs = Math.max(1, ...all.map(({ endMs }) => endMs)) - fromMs;
  const percent = (ms: number): string => ((ms / lengthMs) * 100).toFixed(2);
  const steps = stepsTold(replacements).filter((step) => all.some((stretch) => stretch.step === step));
  return markup`
    <ol class="gantt" aria-label="Where the time of each replacement pod went">
      ${rows.map(
        ({ pod, sentence, stretches }) => markup`
        <li><span class="name">${pod}</span>
          <span class="track" aria-hidden="true">${stretches.map(
            ({ step, startMs, endMs }) =>
              markup`<span class="bar step-${step}" style="left:${percent(startMs - fromMs)}%;width:${percent(endMs - startMs)}%"></span>`,
          )}</span>
          <span class="span">${sentence}</span></li>`,
      )}
    </ol>
    <p class="legend" aria-hidden="true">The time up to: ${steps.map((step) => markup`<span><i class="step-${step}"></i>${stepNames[step]}</span> `)}</p>`;
}

function row(
  { verdict }: Pick<ReportInput, 'verdict'>,
  { pod, node, replaces, steps }: Replacement,
  i: number,
): Markup {
  const told = stepsTold(verdict.replacements ?? []);
  return markup`
        <tr><th scope="row">${pod}<small>${node === null ? 'on no node' : `on ${node}`}</small></th><td>${replaces ?? 'none'}</td>
        ${steps.map(({ step, uncertaintyMs, source }, j) =>
          told.includes(step)
            ? markup`<td class="number">${measured(verdict, `replacements.${i}.steps.${j}.afterMs`, formatMs)}
              ${source === null ? null : markup`<small>${earlier(uncertaintyMs)}</small><small>${source}</small>`}</td>`
            : null,
        )}</tr>`;
}

const earlier = (uncertaintyMs: number | null): string =>
  uncertaintyMs === null ? 'or earlier' : `−${formatMs(uncertaintyMs)} at most`;

function unknown(replacements: readonly Replacement[]): Markup | null {
  const reasons = unknownSteps(replacements);
  return reasons.length === 0 ? null : markup`<p class="note">Unknown: ${reasons.join('; ')}.</p>`;
}
