import type { PodEnd } from '../model/facets.ts';
import type { Facts } from '../model/facts.ts';

/** Each end with its cause, in words; at most 20. */
export const endsInWords = (ends: PodEnd[]): string =>
  ends
    .slice(0, 20)
    .map(({ pod, node, cause, because }) => `${pod} on ${node} ${cause}: ${because}`)
    .join('; ');

/** Ends of pods that may not have been reported, in words: they may have had any cause. */
export function podEndDoubts({ capacity }: Facts): string[] {
  if (capacity === null) return [];
  const { unexplained, askedForPodEnds } = capacity;
  const gone = `${unexplained.slice(0, 20).join(', ')} ${unexplained.length === 1 ? 'is' : 'are'} gone`;
  return [
    ...(unexplained.length === 0 ? [] : [`nothing says why ${gone}`]),
    ...(askedForPodEnds ? [] : ['nothing shows that the platform was asked how pods ended']),
  ];
}
