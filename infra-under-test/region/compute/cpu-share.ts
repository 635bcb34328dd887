import { writeFile } from 'node:fs/promises';

/** A tenth of the usual share (the kernel's weight of nice 10), so that a start takes the time that others leave. */
const niceWhileStarting = 10;

/**
 * Gives a process's session a small share of the CPU, or the usual one. Linux shares the CPU out among sessions
 * (man 7 sched, "The autogroup feature"), and a session's owner may give way and take it back, root or not.
 * Where there are no autogroups nothing happens: what starts then does so at the expense of what serves.
 * @returns false: not now, try again
 */
export async function giveWay(pid: number | 'self', give: boolean): Promise<boolean> {
  try {
    await writeFile(`/proc/${pid}/autogroup`, give ? String(niceWhileStarting) : '0');
    return true;
  } catch (error) {
    // The kernel takes ten changes a second of all who are not root.
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
}
