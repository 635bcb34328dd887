import { type Answer, answerOutcomes, type Check, type Context } from './check.ts';

/** What all checks found. */
export interface Diagnosis {
  schemaVersion: 1;
  counts: Record<Answer['outcome'], number>;
  checks: { id: string; title: string; answers: Answer[] }[];
}

/** What takes longer is reported. */
const quietMs = 1_000;

/**
 * Runs checks one after the other, so that none measures what another one does.
 * @param progress called with a line when a check takes long.
 */
export async function examine(
  checks: readonly Check[],
  context: Context,
  progress: (line: string) => void,
): Promise<Diagnosis> {
  const told: Diagnosis['checks'] = [];
  for (const check of checks) {
    const timer = setTimeout(() => progress(`checking ${check.title} ...`), quietMs);
    const answers = await check.run(context).catch(notKnown);
    clearTimeout(timer);
    if (answers.length > 0) told.push({ id: check.id, title: check.title, answers });
  }
  return { schemaVersion: 1, counts: countsOf(told.flatMap(({ answers }) => answers)), checks: told };
}

function notKnown(error: unknown): Answer[] {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return [{ outcome: 'unknown', message: `could not be determined: ${reason}` }];
}

const countsOf = (answers: Answer[]): Diagnosis['counts'] =>
  Object.fromEntries(
    answerOutcomes.map((outcome) => [outcome, answers.filter((answer) => answer.outcome === outcome).length]),
  ) as Diagnosis['counts'];
