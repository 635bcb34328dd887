import type { GuardAnswer } from '../model/guards.ts';
import { nameOf } from '../verdict/words.ts';
import { list } from './describe-plan.ts';
import type { Footprint } from './footprint.ts';

/** In lines for people: what will be hit, by how much, what is made for it, when, how it is taken back, and by what rights. */
export const describeFootprint = ({ hits, creates, burn, timeline, undo, rights }: Footprint): string[] => [
  ...list('hits', hits.length === 0 ? ['nothing'] : hits.map(hitText)),
  ...list('creates', creates),
  ...list(
    'burns',
    burn.map(
      ({ path, atMostRatio }) =>
        `at most ${percent(atMostRatio)} of the ${nameOf[path]} error budget, if it recovers in time`,
    ),
  ),
  ...list(
    'timeline',
    timeline.map(({ atMs, what }) => `${`+${Math.round(atMs / 100) / 10} s`.padEnd(9)}${what}`),
  ),
  ...list('undo', undo.length === 0 ? ['nothing is changed, so there is nothing to undo'] : undo),
  ...list('rights', rights.length === 0 ? ['none beyond sending requests'] : rights),
];

/** What the guards say, a line each and what to do below it. */
export const describeGuards = (answers: readonly GuardAnswer[]): string[] =>
  list(
    'guards',
    answers.flatMap(({ guard, allows, message, remedy }) => [
      `${allows ? 'ok     ' : 'REFUSES'} ${guard}: ${message}`,
      ...(remedy === undefined ? [] : [`        ${remedy}`]),
    ]),
  );

function hitText({ kind, which, count, of }: Footprint['hits'][number]): string {
  if (count === null || of === null) return `${which}: its share of the platform is not declared`;
  return `${count} of ${of} ${kind}${of === 1 ? '' : 's'} (${percent(of === 0 ? 1 : count / of)}): ${which}`;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
