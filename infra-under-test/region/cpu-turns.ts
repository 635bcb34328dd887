import { execFile } from 'node:child_process';

/**
 * Has a process, and all that it starts from now on, take the CPU when whoever has it lets go or has had its slice, and
 * not at once when there is something to do (SCHED_BATCH, man 7 sched; anybody may ask for that). The edge and the
 * generator write to many of these: each would otherwise take the CPU from the very process that wakes it up, with all
 * other requests waiting there. Where there is no `chrt`, nothing happens.
 */
export function waitsItsTurn(pid: number): void {
  execFile('chrt', ['-b', '-p', '0', String(pid)], () => {});
}
