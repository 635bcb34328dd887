import { makePlan } from '../../plan/make-plan.ts';
import { chooseScale } from '../choose-scale.ts';
import { describePlan } from '../describe-plan.ts';
import { type VenueOptions, venueOf } from '../venue.ts';

/** Says what a drill would do and what it could judge, without starting anything. */
export async function describeCommand(
  name: string,
  options: VenueOptions & { json: boolean; scale?: number },
): Promise<void> {
  const venue = await venueOf(options);
  const { target, profile } = venue;
  const drill = await venue.loadDrill(name);
  const scale = await chooseScale(options.scale, venue);
  const plan = makePlan(drill, profile, target, { without: [], scale, inventory: await target.inventory() });
  const text = options.json
    ? JSON.stringify(plan, null, 2)
    : [...describePlan(plan), `  why       ${drill.why}`].join('\n');
  process.stdout.write(`${text}\n`);
}
