import { chdir, cwd, env } from 'node:process';
import { rootFolder } from '../runtime/processes.ts';

/**
 * npm runs scripts in the root of the checkout, wherever below it they were typed, and tells where that was: paths are relative
 * to there. A script that calls tenfold from elsewhere has set its own folder.
 */
export function goWhereItWasTyped(): void {
  const { INIT_CWD: typedIn, npm_lifecycle_event: script } = env;
  if (typedIn === undefined || script === undefined || cwd() !== rootFolder) return;
  try {
    chdir(typedIn);
  } catch {
    // It is gone meanwhile: the root is as good a place as any.
  }
}
