import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Undo, type Undoers, usualFaultLimits } from '../model/fault.ts';
import { nowMs, within } from '../runtime/clock.ts';
import { JsonLines, readJsonLines } from '../runtime/files.ts';
import { isAlive } from '../runtime/processes.ts';

type Entry =
  | { atMs: number; entry: 'begun'; owner: Owner }
  | { atMs: number; entry: 'will-change'; id: string; undo: Undo }
  | { atMs: number; entry: 'undone'; id: string }
  | { atMs: number; entry: 'undo-failed'; id: string; message: string };

/** A journal may come from anywhere, and names of platforms and runs lead to files. */
const name = z.string().regex(/^[\w-][\w.-]*$/);
const ownerSchema = z.object({
  platform: name,
  runId: name,
  runFolder: z.string(),
  pid: z.number().int(),
  host: z.string(),
});
/** Whose changes a journal holds, and on which platform. */
export type Owner = z.infer<typeof ownerSchema>;

/**
 * What was changed on a platform and what was taken back; on disk before each change is made. When it is disposed of, one of
 * which nothing is left to be undone is removed.
 */
export class Journal implements AsyncDisposable {
  readonly path: string;
  readonly #owner: Owner;
  readonly #file: JsonLines;
  #copy: JsonLines | undefined;

  /** @throws when it cannot be written. */
  constructor(path: string, owner: Owner) {
    this.path = path;
    this.#owner = owner;
    // What is in it is run: whatever the umask, nobody else may write there.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#file = new JsonLines(path, { durable: true, mode: 0o600 });
    this.#file.append({ atMs: nowMs(), entry: 'begun', owner } satisfies Entry);
  }

  /** From now on all is written to a second file too, as far as that can be written. */
  copyTo(path: string): void {
    this.#copy = new JsonLines(path, { durable: false });
    note(this.#copy, { atMs: nowMs(), entry: 'begun', owner: this.#owner });
  }

  /** Records how to take a change back, before it is made. Call what it returns once the change has been undone. */
  willChange(undo: Undo): () => void {
    const id = randomUUID();
    const entry: Entry = { atMs: nowMs(), entry: 'will-change', id, undo };
    this.#file.append(entry);
    note(this.#copy, entry);
    return () => {
      for (const file of [this.#file, this.#copy]) note(file, { atMs: nowMs(), entry: 'undone', id });
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#file[Symbol.dispose]();
    this.#copy?.[Symbol.dispose]();
    if ((await pendingUndos(this.path)).length === 0) await rm(this.path, { force: true });
  }
}

/** Writes down how an undo went. On a full disk it cannot, and the next command undoes it once more, which does no harm. */
function note(file: JsonLines | undefined, entry: Entry): void {
  try {
    file?.append(entry);
  } catch {
    // The undo was made all the same, and those that follow have to be.
  }
}

const limitOf = ({ timeoutMs }: Undo): number =>
  typeof timeoutMs === 'number' ? timeoutMs + 5_000 : usualFaultLimits.undoMs;

/** Whose changes a journal holds; undefined where it does not say. */
export async function ownerOf(path: string): Promise<Owner | undefined> {
  const entries = (await readJsonLines(path)) as Entry[];
  return entries
    .flatMap((entry) => (entry.entry === 'begun' ? (ownerSchema.safeParse(entry.owner).data ?? []) : []))
    .at(0);
}

/** Whether the process of a journal is still there; of one on another machine nobody knows, and it counts as dead. */
export const livesHere = ({ host, pid }: Owner): boolean => host === hostname() && isAlive(pid);

/** All changes that a journal holds, the latest first: the order in which to undo them. */
export async function changesIn(path: string): Promise<{ id: string; undo: Undo; isUndone: boolean }[]> {
  const entries = (await readJsonLines(path)) as Entry[];
  const undone = new Set(entries.flatMap((entry) => (entry.entry === 'undone' ? [entry.id] : [])));
  return entries
    .flatMap((entry) =>
      entry.entry === 'will-change' ? [{ id: entry.id, undo: entry.undo, isUndone: undone.has(entry.id) }] : [],
    )
    .reverse();
}

/** Those that have not been taken back. */
export const pendingUndos = async (path: string): Promise<{ id: string; undo: Undo }[]> =>
  (await changesIn(path)).flatMap(({ id, undo, isUndone }) => (isUndone ? [] : [{ id, undo }]));

/**
 * Undoes all that is pending in a journal, the latest change first, and goes on past what fails.
 * @param options copy: a second file that is told how it went, where it is there. whileAlive: not what keeps others away.
 * @returns what could not be undone, in words.
 */
export async function undoPending(
  path: string,
  undoers: Undoers,
  { copy, whileAlive = false }: { copy?: string; whileAlive?: boolean } = {},
): Promise<string[]> {
  const pending = (await pendingUndos(path)).filter(({ undo }) => !(whileAlive && undo.isLock));
  if (pending.length === 0) return [];
  using file = new JsonLines(path, { durable: true });
  using second = copy !== undefined && existsSync(copy) ? new JsonLines(copy, { durable: false }) : undefined;
  const tell = (entry: Entry) => {
    for (const one of [file, second]) note(one, entry);
  };
  const failures: string[] = [];
  for (const { id, undo } of pending) {
    try {
      const undoer = Object.hasOwn(undoers, undo.kind) ? undoers[undo.kind] : undefined;
      if (!undoer) throw new Error(`tenfold does not know how to undo ${undo.kind}`);
      await within('the undo', { timeoutMs: limitOf(undo) }, () => undoer(undo));
      tell({ atMs: nowMs(), entry: 'undone', id });
    } catch (error) {
      const message = `${JSON.stringify(undo)}: ${(error as Error).message}`;
      tell({ atMs: nowMs(), entry: 'undo-failed', id, message });
      failures.push(message);
    }
  }
  return failures;
}
