import { capitalised, formatInstant, formatMs, runDurationMs } from '../format.ts';
import { headline } from '../headline.ts';
import { detailText, type KeyNumber, keyNumbers } from '../key-numbers.ts';
import { outcomeWords } from '../outcome-words.ts';
import type { ReportInput } from '../report-input.ts';
import { badge, icon, type Markup, markup } from './markup.ts';

/** What a person sees first: the verdict, why, and the numbers it rests on. */
export function verdictSection(input: ReportInput): Markup {
  const { verdict, plan } = input;
  return markup`
    <header class="verdict ${verdict.outcome}">
      <p class="word">${icon(verdict.outcome)}${outcomeWords[verdict.outcome]}</p>
      <h1>${plan.title}</h1>
      <p class="sentence">${headline(input)}</p>
      <p class="origin">${origin(input)}</p>
    </header>
    <ul class="tiles" aria-label="Key numbers">${keyNumbers(input).map(tile)}</ul>`;
}

function origin({ verdict, plan }: ReportInput): string {
  const durationMs = runDurationMs(verdict);
  const facts = [
    plan.fault === null ? 'No fault: the traffic alone' : capitalised(plan.fault.summary),
    `target ${verdict.target}`,
    `profile ${verdict.profile}`,
    plan.without.length > 0 && `without ${plan.without.join(', ')}`,
    formatInstant(verdict.startedAt.replace(/\.\d+Z$/, 'Z')),
    durationMs === null ? `run ${verdict.status}` : `run ${verdict.status} after ${formatMs(durationMs)}`,
  ];
  return facts.filter((fact) => fact !== false).join(' · ');
}

/** A sentence beside a number needs the room of several. */
const broadFrom = 60;

const tile = (item: KeyNumber): Markup => markup`
  <li class="tile ${item.outcome ?? 'unjudged'}${detailText(item.detail).length < broadFrom ? '' : ' broad'}">
    <span class="label">${item.label}</span>
    <strong>${item.value}</strong>
    <span class="detail">${item.detail}</span>
    ${badge(item.outcome)}
  </li>`;
