import { randomUUID } from 'node:crypto';
import type { Undo, Undoers } from '../model/fault.ts';
import { nowMs } from '../runtime/clock.ts';
import { JsonLines, readJsonLines } from '../runtime/files.ts';

type Entry =
  | { atMs: number; entry: 'will-change'; id: string; undo: Undo }
  | { atMs: number; entry: 'undone'; id: string }
  | { atMs: number; entry: 'undo-failed'; id: string; message: string };

/** What was changed on a platform and what was taken back; on disk before each change is made. */
export class Journal implements Disposable {
  readonly #file: JsonLines;

  constructor(path: string) {
    this.#file = new JsonLines(path, { durable: true });
  }

  /** Records how to take a change back, before it is made. Call what it gives once the change has been undone. */
  willChange(undo: Undo): () => void {
    const id = randomUUID();
    this.#file.append({ atMs: nowMs(), entry: 'will-change', id, undo } satisfies Entry);
    return () => note(this.#file, { atMs: nowMs(), entry: 'undone', id });
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Writes down how an undo went. On a full disk it cannot, and the next command undoes it once more, which does no harm. */
function note(file: JsonLines, entry: Entry): void {
  try {
    file.append(entry);
  } catch {
    // The undo was made all the same, and those that follow have to be.
  }
}

/** Changes of a journal that have not been taken back, the latest first: the order in which to undo them. */
export async function pendingUndos(path: string): Promise<{ id: string; undo: Undo }[]> {
  const entries = (await readJsonLines(path)) as Entry[];
  const undone = new Set(entries.flatMap((entry) => (entry.entry === 'undone' ? [entry.id] : [])));
  return entries
    .flatMap((entry) =>
      entry.entry === 'will-change' && !undone.has(entry.id) ? [{ id: entry.id, undo: entry.undo }] : [],
    )
    .reverse();
}

/** Undoes all that is pending in a journal. Gives what could not be undone, in words. */
export async function undoPending(path: string, undoers: Undoers): Promise<string[]> {
  const pending = await pendingUndos(path);
  if (pending.length === 0) return [];
  using file = new JsonLines(path, { durable: true });
  const failures: string[] = [];
  for (const { id, undo } of pending) {
    try {
      const undoer = undoers[undo.kind];
      if (!undoer) throw new Error(`nothing here knows how to undo a ${undo.kind}`);
      await undoer(undo);
      note(file, { atMs: nowMs(), entry: 'undone', id });
    } catch (error) {
      const message = `${JSON.stringify(undo)}: ${(error as Error).message}`;
      note(file, { atMs: nowMs(), entry: 'undo-failed', id, message });
      failures.push(message);
    }
  }
  return failures;
}
