import { TenfoldError } from '../model/errors.ts';
import type { Answer } from './check.ts';

/** What a drill would be refused for, with the same words. @throws what is no refusal. */
export function refused(error: unknown): Answer[] {
  if (!(error instanceof TenfoldError)) throw error;
  return [{ outcome: 'problem', message: error.message, ...(error.hint !== undefined && { remedy: error.hint }) }];
}
