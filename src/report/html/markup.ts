import type { Outcome } from '../../model/verdict.ts';
import type { Measured } from '../measured.ts';
import { outcomeWords, type Standing, standingWords } from '../outcome-words.ts';

/** HTML that is safe to put into a page as it is. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

type Part = Markup | Measured | string | number | null | false | readonly Part[];

/** Builds HTML; whatever is filled in is escaped, unless it is Markup itself. null and false leave nothing. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((html, text, i) => html + rendered(parts[i - 1] ?? null) + text));
}

function rendered(part: Part): string {
  if (part === null || part === false) return '';
  if (part instanceof Markup) return part.html;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if (isList(part)) return part.map(rendered).join('');
  return datum(part).html;
}

const isList = (part: Part): part is readonly Part[] => Array.isArray(part);

/** A value of verdict.json, marked with where it stands there, so that page and verdict can be compared. */
function datum({ path, raw, text }: Measured): Markup {
  const missing = raw === null ? markup` class="missing"` : null;
  return markup`<span data-path="${path}" data-value="${String(raw)}"${missing}>${text}</span>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** JSON for a script element, which only `</script` and `<!--` could break out of. */
export const jsonForScript = (value: unknown): Markup => new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'));

const strokes: Record<Outcome, string> = {
  pass: 'M3.5 8.5l3 3 6-7',
  fail: 'M4 4l8 8M12 4l-8 8',
  inconclusive: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M8 12.4v.2',
};

/** A sign and a word in the outcome's colour; null is a row that is reported only. */
export function badge(standing: Standing | null): Markup {
  const outcome = standing ?? 'told';
  if (outcome === 'told' || outcome === 'open')
    return markup`<span class="badge unjudged">${standingWords[outcome].toLowerCase()}</span>`;
  return markup`<span class="badge ${outcome}">${icon(outcome)}${outcomeWords[outcome].toLowerCase()}</span>`;
}

export const icon = (outcome: Outcome): Markup =>
  markup`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="${strokes[outcome]}"/></svg>`;

/** A section with a heading that names it. */
export const section = (id: string, title: string, body: Markup): Markup =>
  markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;

/** A table that scrolls inside itself on a narrow screen, reachable by keyboard. */
export const wideTable = (label: string, table: Markup): Markup =>
  markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
