import { type GuardAnswer, guardsSchema } from '../model/guards.ts';
import { allowedContext } from './allowed-context.ts';
import { allowedHost } from './allowed-host.ts';
import { blastRadius } from './blast-radius.ts';
import { errorBudget } from './error-budget.ts';
import { freeze } from './freeze.ts';
import type { Guard, Guarded } from './guarded.ts';
import { optIn, ownWordOf } from './opt-in.ts';
import { production } from './production.ts';

/** Asks all guards, changing nothing. One that cannot be read refuses. */
export async function askGuards(guarded: Guarded): Promise<GuardAnswer[]> {
  // A host that nobody allowed is sent nothing at all.
  const host = await answerOf('allow-list', allowedHost, guarded);
  const word = host?.allows
    ? await ownWordOf(guarded.urls[0] as string, guarded.guards.optInPath).catch((error: Error) => error)
    : new Error('it was not asked');
  const answers = [
    host,
    await answerOf('cluster allow-list', allowedContext, guarded),
    await answerOf('opt-in', (one) => optIn(one, word), guarded),
    await answerOf('production', (one) => production(one, word), guarded),
    await answerOf('blast radius', blastRadius, guarded),
    await answerOf('freeze calendar', freeze, guarded),
    await answerOf('error budget', errorBudget, guarded),
  ];
  return answers.filter((answer) => answer !== undefined);
}

/** Of a cluster on which tenfold stands up a platform of its own: what its context is called is all that is known of it. */
export function askAboutContext(context: string, productionReason: string | undefined): GuardAnswer[] {
  const answer = production(
    { guards: guardsSchema.parse({}), urls: [], context, productionReason },
    new Error('there is nobody to ask'),
  );
  return answer ? [answer] : [];
}

async function answerOf(guard: string, ask: Guard, guarded: Guarded): Promise<GuardAnswer | undefined> {
  try {
    return await ask(guarded);
  } catch (error) {
    guarded.signal.throwIfAborted();
    return {
      guard,
      allows: false,
      message: `it cannot be read: ${(error as Error).message}`,
      remedy: 'mend what it is read from: a guard that cannot be read refuses',
    };
  }
}
