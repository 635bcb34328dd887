import { makePlan } from '../../plan/make-plan.ts';
import { describePlan } from '../describe-plan.ts';
import { loadDrill } from '../load-drill.ts';
import { folders, profileNamed, targetNamed } from '../wire.ts';

/** Says what a drill would do and what it could judge, without starting anything. */
export async function describeCommand(
  name: string,
  options: { target: string; profile: string; json: boolean },
): Promise<void> {
  const drill = await loadDrill(folders.scenarios, name);
  const target = targetNamed(options.target);
  const plan = makePlan(drill, profileNamed(options.profile), target, [], await target.inventory());
  const text = options.json
    ? JSON.stringify(plan, null, 2)
    : [...describePlan(plan), `  why       ${drill.why}`].join('\n');
  process.stdout.write(`${text}\n`);
}
