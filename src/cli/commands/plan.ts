import { type ExitCode, exitCodes } from '../../model/exit-codes.ts';
import type { GuardAnswer } from '../../model/guards.ts';
import { describeFootprint, describeGuards } from '../describe-footprint.ts';
import { describePlan } from '../describe-plan.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { guardAnswers, type Prepared, type PrepareOptions, prepare } from '../prepare.ts';

/** Says what a drill would hit, make, burn and undo, by what rights, and what the guards say of it now. Touches nothing. */
export async function planCommand(name: string, options: PrepareOptions & { json: boolean }): Promise<ExitCode> {
  const prepared = await prepare(name, options);
  const { signal } = new AbortController();
  const guards = [
    ...(await guardAnswers(prepared, options, signal)),
    await oneAtATime(prepared.testbed),
    ...(await steadyState(prepared, signal)),
  ];
  const { plan, drill, footprint } = prepared;
  const text = options.json
    ? JSON.stringify({ plan, ...footprint, guards }, null, 2)
    : [
        ...describePlan(plan),
        ...describeFootprint(footprint),
        ...describeGuards(guards),
        `  why       ${drill.why}`,
      ].join('\n');
  process.stdout.write(`${text}\n`);
  return guards.every(({ allows }) => allows) ? exitCodes.pass : exitCodes.invalid;
}

/** Of a shop each probe that reads is sent once; the drill sends the others too, and waits for a steady state before its load. */
async function steadyState({ testbed, footprint }: Prepared, signal: AbortSignal): Promise<GuardAnswer[]> {
  const guard = testbed.guarded ? 'steady state' : 'requirements';
  if (!testbed.target.unfit) return [];
  const problems = await testbed.target.unfit(signal, { readsOnly: true, rights: footprint.rights });
  if (problems.length === 0)
    return [
      {
        guard,
        allows: true,
        message: testbed.guarded ? 'every read probe is answered as expected' : 'the target has all that is needed',
      },
    ];
  return problems.map((message) => ({
    guard,
    allows: false,
    message,
    remedy: `${testbed.target.guide ?? 'docs/ARCHITECTURE.md'} says what is needed`,
  }));
}
