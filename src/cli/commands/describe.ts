import { makePlan } from '../../plan/make-plan.ts';
import { describePlan } from '../describe-plan.ts';
import { type VenueOptions, venueOf } from '../venue.ts';

/** Says what a drill would do and what it could judge, without starting anything. */
export async function describeCommand(name: string, options: VenueOptions & { json: boolean }): Promise<void> {
  const { target, profile, loadDrill } = await venueOf(options);
  const drill = await loadDrill(name);
  const plan = makePlan(drill, profile, target, { without: [], inventory: await target.inventory() });
  const text = options.json
    ? JSON.stringify(plan, null, 2)
    : [...describePlan(plan), `  why       ${drill.why}`].join('\n');
  process.stdout.write(`${text}\n`);
}
