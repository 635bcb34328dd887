import type { Command } from '../../model/command.ts';
import { invalid } from '../../model/errors.ts';
import { withoutSecrets } from '../../model/secrets.ts';
import { runCommand } from '../../runtime/command.ts';

const mostCharacters = 200;

/**
 * Which version of a shop is running, as the config's command prints it.
 * @param secrets environment variables whose values nobody may see
 * @throws TenfoldError (invalid) when it prints nothing, or fails
 */
export async function shopVersion(
  { argv, timeoutMs }: Command,
  { cwd, secrets, signal }: { cwd: string; secrets: readonly string[]; signal: AbortSignal },
): Promise<string> {
  const { ok, said, message } = await runCommand(argv, { cwd, timeoutMs, signal });
  const shown = withoutSecrets(
    said,
    secrets.flatMap((name) => process.env[name] ?? []),
  ).slice(-mostCharacters);
  if (ok && shown !== '') return shown;
  throw invalid(
    `the config's command version ${ok ? 'printed nothing' : message}${shown === '' ? '' : `: ${shown}`}`,
    'it has to print which version of the shop is running, and nothing else',
  );
}
