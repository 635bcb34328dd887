import type { Facts } from '../model/facts.ts';
import type { PodEnd } from '../model/target.ts';

/** Each end with its cause, in words; at most 20. */
export const endsInWords = (ends: PodEnd[]): string =>
  ends
    .slice(0, 20)
    .map(({ pod, node, cause, because }) => `${pod} on ${node} ${cause}: ${because}`)
    .join('; ');

/** Pods that are gone without a word, in words: they may have ended for any cause. */
export function unexplainedDoubts({ capacity }: Facts): string[] {
  const { unexplained } = capacity ?? { unexplained: [] };
  if (unexplained.length === 0) return [];
  return [`nothing says why ${unexplained.slice(0, 20).join(', ')} ${unexplained.length === 1 ? 'is' : 'are'} gone`];
}
