import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../runtime/processes.ts';

/** A program that stops on signals, and has a second until it ends. */
const program = (work: string): string => `
  import { stopOnSignals } from '${join(import.meta.dirname, 'stop-signals.ts')}';
  const signal = stopOnSignals((line) => console.log(line.split('\\n')[0]), () => 'nothing');
  signal.addEventListener('abort', () => console.log('undone: ' + signal.reason.message));
  ${work}
  setTimeout(() => {}, 500);
`;
const saidBy = async (work: string) => await run(process.execPath, ['--input-type=module', '-e', program(work)]);

test.each([
  ['thrown by a timer', "setTimeout(() => { throw new Error('oops'); }, 1);"],
  ['of a promise that nobody waits for', "void Promise.reject(new Error('oops'));"],
])('an error %s ends a drill in order', async (_, work) => {
  const { ok, stdout } = await saidBy(work);
  expect(stdout.split('\n')).toEqual(['a bug in tenfold: Error: oops', 'undone: oops']);
  expect(ok).toBe(true);
});
