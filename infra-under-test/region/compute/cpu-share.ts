import { writeFile } from 'node:fs/promises';

/** A tenth of the usual share (the kernel's weight of nice 10), so a start takes only the time that others leave. */
const niceWhileStarting = 10;

/**
 * Gives a process's session a small share of the CPU, or the usual one. Linux divides the CPU among sessions
 * (man 7 sched, "The autogroup feature"), and a session's owner may give way and take it back, root or not.
 * Without autogroups nothing happens: starting pods then take CPU from those that serve.
 * @returns false: not now, try again
 */
export async function giveWay(pid: number | 'self', give: boolean): Promise<boolean> {
  try {
    await writeFile(`/proc/${pid}/autogroup`, give ? String(niceWhileStarting) : '0');
    return true;
  } catch (error) {
    // The kernel accepts ten changes a second from all non-root users.
    return (error as NodeJS.ErrnoException).code !== 'EAGAIN';
  }
}
