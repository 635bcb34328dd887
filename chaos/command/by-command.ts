import type { Command } from '../../src/model/command.ts';
import { cannotTell } from '../../src/model/errors.ts';
import type { ActiveFault, FaultContext, Proof, Way } from '../../src/model/fault.ts';
import { nowMs, sleepMs } from '../../src/runtime/clock.ts';
import { type CommandEnd, runCommand } from '../../src/runtime/command.ts';
import { takeBackAt } from '../shared/take-back-at.ts';
import { commandFailure, hidden, lastLine, undoByCommand, undoCommand } from '../shared/undo-commands.ts';

const proveEveryMs = 250;
/** By then, a proof command that waits for its fault counts as not holding. */
const lookMs = 3_000;
/** How long a command takes to end after its timeout. */
const endingMs = 5_000;

/** A drill that is alive has undone its fault by then. */
const expiryGraceMs = 30_000;
const usuallyAtMostMs = 600_000;
/** A shop may need a moment until an undone fault no longer shows. */
const leftBehindMs = 15_000;

/** What is done by commands. */
export interface Commands {
  inject: Command;
  prove: Command;
  undo: Command;
  /** It is taken back this long after the injection, while the load is still on; undefined: once the load has ended. */
  lastsMs?: number | undefined;
  /** Succeeds once all is as it was before; undefined: that is so once the proof no longer holds. */
  restored?: Command | undefined;
  /** The folder that commands run in. */
  cwd: string;
  /** Environment variables whose values are never written down. */
  secrets: readonly string[];
}

/** By commands from someone who knows the shop; they require nothing of the platform. */
export const byCommand = (commands: Commands): Way => ({
  name: 'command',
  requires: [],
  undo: `${commands.undo.argv.join(' ')}${commands.lastsMs === undefined ? ', once the load has ended' : ''}`,
  rights: [commands.inject, commands.prove, commands.undo].map(({ argv }) => `as this user: ${argv.join(' ')}`),
  check: async () => [],
  holdsAlready: ({ signal }) => holdsAlready(commands, signal),
  leftBehind: (signal) => leftBehind(commands, signal),
  limits: { injectMs: commands.inject.timeoutMs + endingMs, undoMs: commands.undo.timeoutMs + endingMs },
  inject: (context) => inject(commands, context),
});

async function inject(
  commands: Commands,
  { willChange, signal, atMostMs = usuallyAtMostMs }: FaultContext,
): Promise<ActiveFault> {
  const { argv, timeoutMs } = commands.inject;
  const longestMs =
    commands.inject.timeoutMs + (commands.lastsMs ?? atMostMs) + commands.undo.timeoutMs + expiryGraceMs;
  const undo = { ...undoByCommand(commands.undo, commands), expiresAtMs: nowMs() + longestMs };
  const undone = willChange(undo);
  const injectedAtMs = nowMs();
  const end = await runCommand(argv, { cwd: commands.cwd, timeoutMs, signal });
  const takeBack = async () => {
    await undoCommand(undo);
    undone();
    return nowMs();
  };
  if (!end.ok) {
    // It may have broken something before it failed. What cannot be taken back stays in the journal, and is reported.
    await takeBack().catch(() => {});
    signal.throwIfAborted();
    throw cannotTell(`the fault could not be injected: ${commandFailure(argv, end, commands.secrets)}`);
  }
  const overAtMs = commands.lastsMs === undefined ? undefined : injectedAtMs + commands.lastsMs;
  const takingBack = takeBackAt(overAtMs, takeBack);
  return { injectedAtMs, prove: (whileOn) => prove(commands, whileOn), undo: takingBack };
}

async function holdsAlready({ prove, cwd, secrets }: Commands, signal: AbortSignal): Promise<string | undefined> {
  const end = await runCommand(prove.argv, { cwd, timeoutMs: Math.min(lookMs, prove.timeoutMs), signal });
  signal.throwIfAborted();
  return end.ok ? wordsOf(prove, end, secrets) : undefined;
}

/** Whether the fault still shows: by the command that says that all is as before, or else by the fault's own proof. */
async function leftBehind(commands: Commands, signal: AbortSignal): Promise<string | undefined> {
  const { prove, restored, cwd, secrets } = commands;
  const command = restored ?? prove;
  const timeoutMs = Math.min(restored ? leftBehindMs : lookMs, command.timeoutMs);
  const deadlineMs = nowMs() + leftBehindMs;
  for (;;) {
    const end = await runCommand(command.argv, { cwd, timeoutMs, signal });
    signal.throwIfAborted();
    if (end.ok === (restored !== undefined)) return undefined;
    if (nowMs() + proveEveryMs >= deadlineMs)
      return restored
        ? `what says that all is as before does not: ${commandFailure(restored.argv, end, secrets)}`
        : `what proved the fault is still so: ${wordsOf(prove, end, secrets)}`;
    await sleepMs(proveEveryMs, signal);
  }
}

/** The last line of a command that succeeded, or else that it succeeded. */
const wordsOf = ({ argv }: Command, end: CommandEnd, secrets: readonly string[]): string =>
  lastLine(hidden(end.said, secrets)) || `${argv.join(' ')} succeeded`;

async function prove({ prove, cwd, secrets }: Commands, signal: AbortSignal): Promise<Proof> {
  const deadlineMs = nowMs() + prove.timeoutMs;
  for (;;) {
    const timeoutMs = Math.max(1, deadlineMs - nowMs());
    const end = await runCommand(prove.argv, { cwd, timeoutMs, signal });
    signal.throwIfAborted();
    if (end.ok) return { provenAtMs: nowMs(), proof: wordsOf(prove, end, secrets) };
    if (nowMs() + proveEveryMs >= deadlineMs) {
      const seconds = prove.timeoutMs / 1000;
      return { provenAtMs: null, proof: `not within ${seconds} s: ${commandFailure(prove.argv, end, secrets)}` };
    }
    await sleepMs(proveEveryMs, signal);
  }
}
