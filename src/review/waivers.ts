import type { Risk } from '../model/review.ts';

/** Nobody accepts these by the way: only a waiver that names them covers them. */
const byNameAlone = ['orders.lost', 'orders.duplicated'];

/** Risks that somebody lets the launch go on with, and that still hold on the day of the peak. */
export const waiversAt = (risks: readonly Risk[], peak: string): Risk[] =>
  risks.filter(({ waiver, until }) => waiver !== undefined && until >= peak);

/** The waiver that covers a broken promise. @param finding its id */
export const waiverOf = (waivers: readonly Risk[], drill: string, finding: string): Risk | undefined =>
  waivers.find(
    ({ covers }) =>
      covers.includes(`${drill}:${finding}`) || (covers.includes(drill) && !byNameAlone.includes(finding)),
  );

/** The waivers that cover all that a drill broke; empty where they do not. @param findings ids */
export function coveringAll(waivers: readonly Risk[], drill: string, findings: readonly string[]): Risk[] {
  const covering = findings.map((id) => waiverOf(waivers, drill, id));
  return covering.includes(undefined) ? [] : [...new Set(covering.flatMap((risk) => risk ?? []))];
}

/** Who lets it go on, and why, in words. */
export const waiverText = ({ id, waiver, until }: Risk): string =>
  `waived by ${waiver?.by} until ${until} (${id}): ${waiver?.reason}`;
