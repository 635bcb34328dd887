import type { Markup } from '../../report/html/markup.ts';
import type { Fine } from '../events.ts';
import { chartSvg, type View } from './chart.ts';
import {
  alertsPart,
  coursePart,
  faultPart,
  figuresPart,
  nowPart,
  originPart,
  toldPart,
  verdictPart,
  zonesPart,
} from './parts.ts';
import { runbookPart } from './runbook.ts';
import type { State } from './state.ts';

export function element<E extends HTMLElement>(id: string, type: abstract new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${id}`);
}

const shown = new Map<string, string>();

/** What stays as it is, is left alone: the place that somebody reads stays where it is. */
function setHtml(id: string, { html }: Markup): void {
  if (shown.get(id) === html) return;
  shown.set(id, html);
  const place = element(id, HTMLElement);
  // What is written anew would take the focus away from whoever is on one of its buttons.
  const step = place.contains(document.activeElement) ? document.activeElement?.getAttribute('data-step') : undefined;
  place.innerHTML = html;
  if (step) place.querySelector<HTMLElement>(`[data-step="${CSS.escape(step)}"]`)?.focus();
}

/** Shows a state as it is at an instant. @param options canTick: whoever looks may say that a step of the runbook is done */
export function show(
  state: State,
  nowMs: number,
  view: View,
  fine: Fine | null,
  options: { canTick: boolean } = { canTick: false },
): void {
  element('title', HTMLElement).textContent = state.frame?.title ?? 'Waiting for the drill';
  element('origin', HTMLElement).textContent = originPart(state);
  if (state.frame) document.title = `${state.frame.title} · tenfold`;
  setHtml('now', nowPart(state, nowMs));
  setHtml('figures', figuresPart(state));
  setHtml('course', coursePart(state, nowMs));
  setHtml('runbook', runbookPart(state, nowMs, options));
  setHtml('fault', faultPart(state));
  setHtml('alerts', alertsPart(state));
  setHtml('zones', zonesPart(state));
  setHtml('told', toldPart(state));
  setHtml('verdict', verdictPart(state));
  setHtml('chart', chartSvg(state, view, chartWidth(), fine));
}

/** On a wall the chart is seen from afar, like everything else. */
export function chartWidth(): number {
  const enlarged = matchMedia('(min-width:1800px)').matches ? 1.6 : 1;
  return Math.max(300, Math.round(element('chart', HTMLElement).clientWidth / enlarged));
}

/** Has a screen reader say what is news, without moving anybody's focus. */
export function say(text: string): void {
  element('said', HTMLElement).textContent = text;
}
