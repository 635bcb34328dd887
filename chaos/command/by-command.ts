import { z } from 'zod';
import type { Command } from '../../src/model/command.ts';
import { cannotTell } from '../../src/model/errors.ts';
import type { ActiveFault, FaultContext, Proof, Undo, Undoers, Way } from '../../src/model/fault.ts';
import { withoutSecrets } from '../../src/model/secrets.ts';
import { nowMs, sleepMs } from '../../src/runtime/clock.ts';
import { type CommandEnd, runCommand } from '../../src/runtime/command.ts';

const undoKind = 'command';
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
  const undo = { ...undoOf(commands), expiresAtMs: nowMs() + longestMs };
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
    throw cannotTell(`the fault could not be injected: ${failure(argv, end, commands.secrets)}`);
  }
  const overAtMs = commands.lastsMs === undefined ? undefined : injectedAtMs + commands.lastsMs;
  const takingBack = takeBackAt(overAtMs, takeBack);
  return { injectedAtMs, prove: (whileOn) => prove(commands, whileOn), undo: takingBack };
}

/** Takes back a fault when its time has come or when the drill leaves it, whichever is first. Returns the latter. */
function takeBackAt(atMs: number | undefined, takeBack: () => Promise<number>): ActiveFault['undo'] {
  if (atMs === undefined) return async () => ({ revertedAtMs: await takeBack() });
  const left = new AbortController();
  const inTime = sleepMs(atMs - nowMs(), left.signal)
    .then(takeBack)
    .catch(() => undefined);
  return async () => {
    left.abort();
    // If the timed one failed, or its time had not come, take it back now.
    return { revertedAtMs: (await inTime) ?? (await takeBack()) };
  };
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
        ? `what says that all is as before does not: ${failure(restored.argv, end, secrets)}`
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
      return { provenAtMs: null, proof: `not within ${seconds} s: ${failure(prove.argv, end, secrets)}` };
    }
    await sleepMs(proveEveryMs, signal);
  }
}

/** What the journal holds: plain values only, and only the names of secrets. */
const undoOf = ({ undo, cwd, secrets }: Commands): Undo => ({
  kind: undoKind,
  argv: JSON.stringify(undo.argv),
  timeoutMs: undo.timeoutMs,
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
async function undoCommand(undo: Undo): Promise<void> {
  const { argv, timeoutMs, cwd, secrets } = journalled.parse(undo);
  // However a drill ends, its undo gets its full time.
  const end = await runCommand(argv, { cwd, timeoutMs });
  if (!end.ok) throw new Error(`the undo failed: ${failure(argv, end, secrets.split(' '))}`);
}

/** Takes back what commands broke, also for a process that has died. */
export const undoCommands: Undoers = { [undoKind]: undoCommand };

function failure(argv: readonly string[], end: CommandEnd, secrets: readonly string[]): string {
  const said = lastLine(hidden(end.said, secrets));
  return `${argv.join(' ')} ${end.message}${said === '' ? '' : ` (${said})`}`;
}

const lastLine = (text: string): string => text.split('\n').at(-1)?.trim().slice(0, 300) ?? '';

/** A command's output without the secrets that it may have repeated. */
const hidden = (text: string, secrets: readonly string[]): string =>
  withoutSecrets(
    text,
    secrets.map((name) => process.env[name] ?? ''),
  );
