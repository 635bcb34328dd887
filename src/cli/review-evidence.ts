import { loadDurationMs, type Profile } from '../model/profile.ts';
import type { Identity } from '../model/review.ts';
import { stepped } from '../plan/stepped.ts';
import { findCapacity } from '../review/find-capacity.ts';
import { findEvidence } from '../review/find-evidence.ts';
import { besidesTheLoadMs, type DrillNeed, needsOf } from '../review/plan-review.ts';
import type { Evidence } from '../review/write-review.ts';
import { nowMs } from '../runtime/clock.ts';
import type { AskedReview } from './ask-review.ts';
import type { Testbed } from './testbed.ts';

/** By which a run in steps stands among the drills. */
export const capacityName = 'capacity';

/** What a review is about, and where its evidence is. */
export interface EvidencePlace {
  testbed: Testbed;
  asked: AskedReview;
  identity: Identity;
  reports: string;
  freshDays: number;
  say: (line: string) => void;
}

/** All evidence that there is now. */
export async function evidenceNow({ testbed, asked, say, ...place }: EvidencePlace): Promise<Evidence> {
  const frame = { ...place, target: testbed.target.name, now: new Date(nowMs()).toISOString() };
  return {
    runs: await findEvidence({ ...frame, drills: asked.drills }, say),
    capacity: asked.asksCapacity ? await findCapacity(frame) : null,
  };
}

/** What of it is there, and what is missing. */
export async function needsNow(place: EvidencePlace): Promise<DrillNeed[]> {
  const { testbed, asked } = place;
  const { runs, capacity } = await evidenceNow(place);
  const loadMs = (name: string) => asked.planned.find(({ drill }) => drill.name === name)?.plan.loadDurationMs ?? 0;
  const planned = { loadMs, standUpMs: testbed.target.standUpMs ?? 0 };
  return [
    ...(asked.asksCapacity ? [capacityNeed(capacity !== null, stepped(testbed.profile))] : []),
    ...needsOf(
      asked.drills,
      runs.map(({ verdict }) => verdict),
      planned,
    ),
  ];
}

const capacityNeed = (isThere: boolean, profile: Profile): DrillNeed => ({
  drill: capacityName,
  title: 'How much it carries',
  runsNeeded: 1,
  runs: isThere ? 1 : 0,
  failed: 0,
  missing: isThere ? 0 : 1,
  runMs: loadDurationMs(profile) + besidesTheLoadMs,
});
