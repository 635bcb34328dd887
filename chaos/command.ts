import type { Command } from '../src/model/command.ts';
import type { Fault, Hit } from '../src/model/fault.ts';
import { byCommand, type Commands } from './command/by-command.ts';

const kind = 'command';

export interface CommandFaultOptions extends Commands {
  summary: string;
  /** What it hits, as declared by whoever wrote the commands; empty: not declared. */
  hits?: Hit[];
}

/** Its commands are part of it, so drill.json shows what was run. */
type CommandFault = Fault & { commands: Record<'inject' | 'prove' | 'undo', Command> };

/**
 * A fault by custom commands: one that breaks something, one that succeeds once it is broken, and one that takes it
 * back, which must do no harm when there is nothing to take back. None of them goes through a shell.
 */
export const commandFault = (options: CommandFaultOptions): CommandFault => ({
  kind,
  summary: options.summary,
  effects: [{ kind, startsAfterMs: 0, ...(options.lastsMs !== undefined && { lasts: options.lastsMs }) }],
  commands: { inject: options.inject, prove: options.prove, undo: options.undo },
  hits: () =>
    options.hits?.length
      ? options.hits
      : [{ kind: 'unknown', which: 'what its commands break', count: null, of: null }],
  problems: () => [],
  ways: [byCommand(options)],
});
