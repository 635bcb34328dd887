import type { RunbookFact } from '../model/facts.ts';
import { plural } from './format.ts';

/** The steps that somebody did. */
export const rehearsed = ({ steps }: RunbookFact): RunbookFact['steps'] =>
  steps.filter(({ doneAt }) => doneAt !== null);

/** How much of a runbook was rehearsed, in a sentence. */
export const rehearsedText = (runbook: RunbookFact): string =>
  rehearsed(runbook).length === 0
    ? `Nobody said that they did a step of the runbook, which has ${plural(runbook.steps.length, 'step')}.`
    : `${rehearsed(runbook).length} of ${plural(runbook.steps.length, 'step')} of the runbook were rehearsed.`;
