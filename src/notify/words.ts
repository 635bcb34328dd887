import type { Notice } from '../model/notice.ts';
import { formatInstant } from '../report/format.ts';

/** A text of at most so many characters, which shows that it was cut. */
export const cut = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;

/** Where a notice comes from, and how to see the same again. */
export const originText = ({ id, target, profile, startedAt, command }: Notice): string =>
  `${id === null ? 'did not begin' : id} · ${target} · ${profile} · ${formatInstant(startedAt)} · ${command}`;
