import { execFile } from 'node:child_process';

/**
 * Makes a process, and all that it starts from now on, wait for the CPU until its holder yields or has used its slice,
 * instead of preempting it on wake-up (SCHED_BATCH, man 7 sched; needs no privilege). The edge and the generator write
 * to many of these: each would otherwise take the CPU from the very process that wakes it up, where all other requests
 * wait. Without `chrt`, nothing happens.
 */
export function waitsItsTurn(pid: number): void {
  execFile('chrt', ['-b', '-p', '0', String(pid)], () => {});
}
