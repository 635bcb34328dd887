import { closeSync, openSync, readSync } from 'node:fs';

/** What /proc/<pid>/stat says about a process, see proc(5). */
export interface ProcessTimes {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** CPU time of its own, in user and kernel mode. */
  ownMs: number;
  /** The same for its children that have ended and that it has waited for, including their own such children. */
  reapedMs: number;
}

/** Linux counts in hundredths of a second on every architecture that Node runs on. */
export const msPerTick = 10;
const buffer = Buffer.allocUnsafe(4_096);

/**
 * The stat file of one process, kept open: reading it again takes a third of the time of opening it anew, and it never
 * describes another process that got the same PID.
 */
export class ProcessFile {
  /** null once it is closed: its number may soon be another file's. */
  #descriptor: number | null;

  /** @throws when there is no such process, or no /proc. */
  constructor(pid: number) {
    this.#descriptor = openSync(`/proc/${pid}/stat`, 'r');
  }

  /** null once the process is gone, or the file is closed. */
  read(): ProcessTimes | null {
    if (this.#descriptor === null) return null;
    try {
      return parseStat(buffer.toString('latin1', 0, readSync(this.#descriptor, buffer, 0, buffer.length, 0)));
    } catch {
      return null;
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

/** null when it is not the line of a process. */
export function parseStat(line: string): ProcessTimes | null {
  // "pid (name) state parent group session ...": a name may hold spaces and parentheses.
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ', 15)
    .map(Number);
  const [, parent, group, session, , , , , , , , user, system, reapedUser, reapedSystem] = fields as number[];
  const pid = Number.parseInt(line, 10);
  const times = {
    pid,
    parent: parent as number,
    group: group as number,
    session: session as number,
    ownMs: ((user as number) + (system as number)) * msPerTick,
    reapedMs: ((reapedUser as number) + (reapedSystem as number)) * msPerTick,
  };
  return Object.values(times).every(Number.isFinite) ? times : null;
}
