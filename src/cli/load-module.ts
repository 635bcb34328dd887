import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { invalid } from '../model/errors.ts';
import { sayError } from './say-error.ts';

/**
 * What somebody's module exports by default; undefined where it does not.
 * @param file as it was given.
 * @throws TenfoldError (invalid) when it cannot be loaded, whatever it does instead.
 */
export async function defaultExportOf(path: string, file: string, hint: string): Promise<unknown> {
  const refusal = (why: string) => invalid(`${file} cannot be loaded: ${why}`, hint);
  const { promise: neverLoaded, reject } = Promise.withResolvers<never>();
  const onIdle = () => reject(new Error('it waits for something that never happens'));
  // How this command ends is not for a module to say.
  const onExit = () => {
    process.exitCode = sayError(refusal('it ends the process'));
  };
  process.once('beforeExit', onIdle).once('exit', onExit);
  try {
    const module = (await Promise.race([import(pathToFileURL(path).href), neverLoaded])) as { default?: unknown };
    return await Promise.race([module.default, neverLoaded]);
  } catch (error) {
    throw refusal(error instanceof Error ? reasonOf(error) : `it throws ${inspect(error)}`);
  } finally {
    process.off('beforeExit', onIdle).off('exit', onExit);
  }
}

/** With the line of a syntax error, which Node gives in the stack alone. */
function reasonOf({ message, stack }: Error): string {
  const line = /^(?:file:\S+|\/.*):(\d+)\n/.exec(stack ?? '')?.[1];
  return line === undefined ? message : `${message} (line ${line})`;
}
