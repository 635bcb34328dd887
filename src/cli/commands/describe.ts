import { describePlan } from '../describe-plan.ts';
import { type PrepareOptions, prepare } from '../prepare.ts';

/** Says what a drill would do and what it could judge, without starting anything. */
export async function describeCommand(name: string, options: PrepareOptions & { json: boolean }): Promise<void> {
  const { plan, drill } = await prepare(name, options);
  const text = options.json
    ? JSON.stringify(plan, null, 2)
    : [...describePlan(plan), `  why       ${drill.why}`].join('\n');
  process.stdout.write(`${text}\n`);
}
