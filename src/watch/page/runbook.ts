import { hasCome, type Moment, moments } from '../../model/moments.ts';
import type { RunbookBlock, RunbookStep } from '../../model/runbook.ts';
import { type Markup, markup } from '../../report/html/markup.ts';
import { momentOf } from '../moment.ts';
import type { State } from './state.ts';

const momentWords: Record<Moment, string> = {
  before: 'Before the traffic',
  baseline: 'Baseline',
  peak: 'Peak',
  fault: 'Fault',
  recovered: 'Promised to be well again',
  after: 'After the load',
};

/** The steps of the moment first and in full, then the others by their titles. */
export function runbookPart(state: State, nowMs: number, { canTick }: { canTick: boolean }): Markup {
  const runbook = state.frame?.runbook;
  if (!runbook) return markup`<p>This drill has no runbook: docs/RUNBOOKS.md says how one is written.</p>`;
  const now = momentOf(state, nowMs);
  const canTickNow = canTick && state.runId !== null && state.ended === null;
  const shown = moments
    .filter((moment) => runbook.steps.some((step) => step.moment === moment))
    .sort((a, b) => Number(b === now) - Number(a === now));
  return markup`<p><strong>${runbook.title}</strong> <span class="when">${runbook.file}</span></p>
${!shown.includes(now) && markup`<p class="note">There is nothing to do by the runbook right now.</p>`}
${shown.map((moment) => {
  const steps = runbook.steps.filter((step) => step.moment === moment);
  return markup`<h3>${momentWords[moment]}${moment === now && markup` <span class="when">now</span>`}</h3>
<ul class="runbook-steps">${steps.map((step) => stepItem(step, state, { inFull: moment === now, canTick: canTickNow && hasCome(moment, now) }))}</ul>`;
})}`;
}

function stepItem(
  { id, title, blocks }: RunbookStep,
  { ticks }: State,
  { inFull, canTick }: { inFull: boolean; canTick: boolean },
): Markup {
  const tick = ticks.get(id);
  const said = tick && `by ${tick.by}, at ${new Date(tick.atMs).toLocaleTimeString('en-GB')}`;
  return markup`<li class="${tick ? 'done' : inFull ? 'due' : 'other'}">
<span class="sign" aria-hidden="true">${tick ? '✓' : '·'}</span><div><strong>${title}</strong> <span class="unseen">${tick ? 'done' : 'not done'}</span>
${said !== undefined && markup`<span class="when">${said}</span>`}${inFull && blocks.map(blockOf)}
${canTick && !tick && markup`<button type="button" data-step="${id}" aria-label="Done: ${title}">Done</button>`}</div></li>`;
}

function blockOf(block: RunbookBlock): Markup {
  if (block.kind === 'code') return markup`<pre>${block.text}</pre>`;
  if (block.kind === 'list') return markup`<ul>${block.items.map((item) => markup`<li>${withCode(item)}</li>`)}</ul>`;
  return markup`<p>${withCode(block.text)}</p>`;
}

/** What stands between backticks is code. */
const withCode = (text: string): Markup[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`));

/** What to do next by the runbook; undefined where nothing is left to do in this moment. */
export function stepOfMoment(state: State, nowMs: number): RunbookStep | undefined {
  const now = momentOf(state, nowMs);
  return state.frame?.runbook?.steps.find(({ moment, id }) => moment === now && !state.ticks.has(id));
}
