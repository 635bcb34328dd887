import type { Verdict } from '../../model/verdict.ts';
import { type FindingKind, kindOf } from '../finding-kinds.ts';
import { badge, type Markup, markup } from './markup.ts';

/** The findings of a kind, each in its own words, for sections whose numbers stand nowhere else; null without one. */
export function findingCard({ findings }: Verdict, kind: FindingKind): Markup | null {
  const own = findings.filter((finding) => kindOf(finding) === kind);
  if (own.length === 0) return null;
  return markup`<div class="card findings-of-kind">${own.map(
    ({ title, message, outcome }) => markup`<h3>${title} ${badge(outcome)}</h3><p>${message}</p>`,
  )}</div>`;
}
