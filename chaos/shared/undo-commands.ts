import { z } from 'zod';
import type { Command } from '../../src/model/command.ts';
import type { Undo, Undoers } from '../../src/model/fault.ts';
import { withoutSecrets } from '../../src/model/secrets.ts';
import { type CommandEnd, runCommand } from '../../src/runtime/command.ts';

const undoKind = 'command';

/** Where a command runs, and the environment variables whose values are never written down. */
export interface CommandPlace {
  cwd: string;
  secrets: readonly string[];
}

/** What the journal holds: plain values only, and only the names of secrets. */
export const undoByCommand = ({ argv, timeoutMs }: Command, { cwd, secrets }: CommandPlace): Undo => ({
  kind: undoKind,
  argv: JSON.stringify(argv),
  timeoutMs,
  cwd,
  secrets: secrets.join(' '),
});

const journalled = z.object({
  argv: z.string().transform((text) => z.tuple([z.string()], z.string()).parse(JSON.parse(text))),
  timeoutMs: z.number(),
  cwd: z.string(),
  secrets: z.string(),
});

/** Runs an undo command. @throws when it fails, or does not end in time. */
export async function undoCommand(undo: Undo): Promise<void> {
  const { argv, timeoutMs, cwd, secrets } = journalled.parse(undo);
  // However a drill ends, its undo gets its full time.
  const end = await runCommand(argv, { cwd, timeoutMs });
  if (!end.ok) throw new Error(`the undo failed: ${commandFailure(argv, end, secrets.split(' '))}`);
}

/** Takes back what commands broke, also for a process that has died. */
export const undoCommands: Undoers = { [undoKind]: undoCommand };

/** How a command failed, in words, without the secrets that it may have repeated. */
export function commandFailure(argv: readonly string[], end: CommandEnd, secrets: readonly string[]): string {
  const said = lastLine(hidden(end.said, secrets));
  return `${argv.join(' ')} ${end.message}${said === '' ? '' : ` (${said})`}`;
}

export const lastLine = (text: string): string => text.split('\n').at(-1)?.trim().slice(0, 300) ?? '';

/** A command's output without the secrets that it may have repeated. */
export const hidden = (text: string, secrets: readonly string[]): string =>
  withoutSecrets(
    text,
    secrets.map((name) => process.env[name] ?? ''),
  );
