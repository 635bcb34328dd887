import { expect } from 'vitest';
import { exitCodes } from '../../src/model/exit-codes.ts';
import { type Place, startTenfold } from '../harness.ts';

/** Exports a run by the command line. @returns what it says on stdout */
export async function exported(place: Place, run: string, format: string, to: string): Promise<string> {
  const result = await startTenfold(place, ['export', run, '--format', format, '--to', to]);
  expect(result.exitCode, result.stderr).toBe(exitCodes.pass);
  return result.stdout;
}
