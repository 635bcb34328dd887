import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { invalid, type TenfoldError } from '../model/errors.ts';
import { sayError } from './say-error.ts';

interface Loading {
  refusal(why: string): TenfoldError;
  reject(error: Error): void;
}

/** Several are loaded at once, and the process has listeners for all of them together. */
const loading = new Set<Loading>();
const onIdle = (): void => {
  for (const { reject } of loading) reject(new Error('it waits for something that never happens'));
};
// How this command ends is not for a module to say.
const onExit = (): void => {
  for (const { refusal } of loading) process.exitCode = sayError(refusal('it ends the process'));
};

function begin(one: Loading): Disposable {
  if (loading.size === 0) process.on('beforeExit', onIdle).on('exit', onExit);
  loading.add(one);
  return {
    [Symbol.dispose]() {
      loading.delete(one);
      if (loading.size === 0) process.off('beforeExit', onIdle).off('exit', onExit);
    },
  };
}

/**
 * What somebody's module exports by default; undefined where it does not.
 * @param file as it was given.
 * @throws TenfoldError (invalid) when it cannot be loaded, whatever it does instead.
 */
export async function defaultExportOf(path: string, file: string, hint: string): Promise<unknown> {
  const refusal = (why: string) => invalid(`${file} cannot be loaded: ${why}`, hint);
  const { promise: neverLoaded, reject } = Promise.withResolvers<never>();
  using _loading = begin({ refusal, reject });
  try {
    const module = (await Promise.race([import(pathToFileURL(path).href), neverLoaded])) as { default?: unknown };
    return await Promise.race([module.default, neverLoaded]);
  } catch (error) {
    throw refusal(error instanceof Error ? reasonOf(error) : `it throws ${inspect(error)}`);
  }
}

/** With the line of a syntax error, which Node gives in the stack alone. */
function reasonOf({ message, stack }: Error): string {
  const line = /^(?:file:\S+|\/.*):(\d+)\n/.exec(stack ?? '')?.[1];
  return line === undefined ? message : `${message} (line ${line})`;
}
