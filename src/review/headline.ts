import type { Decision, Review, ReviewedDrill } from '../model/review.ts';
import { capitalised, plural } from '../report/format.ts';

/** What the evidence is of, so that no promise is said to be kept where it was not tried. */
const evidenceWords: Record<Review['evidence'], string> = {
  'stand-in': 'on the pocket region, a stand-in: nothing is shown of production',
  'reference-platform': 'on the reference platform in a cluster: nothing is shown of a shop that differs from it',
  'own-shop': 'on your own shop',
};

/** The decision in a sentence, and where it was shown. */
export function headlineOf(
  decision: Decision,
  reasons: Review['reasons'],
  evidence: Review['evidence'],
  drills: readonly ReviewedDrill[],
): string {
  const place = evidenceWords[evidence];
  const of = (speaks: Review['reasons'][number]['speaks']) =>
    reasons.filter((reason) => reason.speaks === speaks).length;
  const failed = drills.filter((drill) => drill.failed > 0);
  const unwaived = failed.filter(({ waivedBy }) => waivedBy.length === 0).length;
  if (decision === 'no-go') {
    const whole = unwaived < of('against') ? ['the run in steps speaks against it'] : [];
    const some = unwaived > 0 ? [`${unwaived} of ${plural(drills.length, 'drill')} failed`] : [];
    return `${capitalised([...some, ...whole].join(', and '))} ${place}.`;
  }
  if (decision === 'not-enough-evidence')
    return `${of('missing')} ${of('missing') === 1 ? 'thing is' : 'things are'} missing before anything can be decided ${place}.`;
  const kept = drills.length - failed.length;
  const all = drills.length === 1 ? 'The one drill' : `All ${drills.length} drills`;
  if (of('waived') === 0) return `${all} kept every promise that was judged, ${place}.`;
  return `${kept} of ${plural(drills.length, 'drill')} kept every promise that was judged, and ${plural(of('waived'), 'failure')} ${of('waived') === 1 ? 'is' : 'are'} waived, ${place}.`;
}
