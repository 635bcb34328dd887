import { writeFile } from 'node:fs/promises';

/** A tenth of the usual share (the kernel's weight of nice 10), so that a start takes the time that others leave. */
const niceWhileStarting = 10;

/**
 * Gives this process's session a small share of the CPU, or the usual one. Linux shares the CPU out among sessions
 * (man 7 sched, "The autogroup feature"), and a session's owner may give way and take it back, root or not.
 * Where there are no autogroups nothing happens: pods then start at the expense of those that serve.
 */
export class CpuShare {
  #giving = false;

  async giveWay(give: boolean): Promise<void> {
    if (give === this.#giving) return;
    this.#giving = give;
    try {
      await writeFile('/proc/self/autogroup', give ? String(niceWhileStarting) : '0');
    } catch (error) {
      // The kernel takes ten changes a second of all who are not root: the next heartbeat tries again.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') this.#giving = !give;
    }
  }
}
