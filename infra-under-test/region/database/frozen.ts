import { type ChildProcess, spawn } from 'node:child_process';
import { childrenOf, signalProcess } from './operating-system.ts';

/** A process and its children, stopped where they stand. */
export interface FrozenProcesses {
  /** Resumes them as if no time had passed. */
  resume(): void;
  /** Ends them before they can do anything more. */
  kill(): void;
}

/** Freezes a process with all its children. If we die meanwhile, they are killed: they could not notice themselves. */
export async function freeze(pid: number): Promise<FrozenProcesses> {
  signalProcess(pid, 'SIGSTOP');
  const frozen = new Set([pid]);
  // Its last children may have come up while the others were listed.
  for (let before = 0; before < frozen.size; ) {
    before = frozen.size;
    for (const child of await childrenOf(pid)) {
      if (!frozen.has(child)) signalProcess(child, 'SIGSTOP');
      frozen.add(child);
    }
  }
  const pids = [...frozen];
  const guard = killWithUs(pids);
  let over = false;
  const all = (signal: 'SIGCONT' | 'SIGKILL', order: number[]) => {
    if (over) return;
    over = true;
    guard.kill('SIGKILL');
    for (const each of order) signalProcess(each, signal);
  };
  return {
    // Children first: their parent then finds them as it left them.
    resume: () => all('SIGCONT', pids.toReversed()),
    kill: () => all('SIGKILL', pids),
  };
}

/** Kills processes when we end, however we do. */
function killWithUs(pids: readonly number[]): ChildProcess {
  const script = 'while read -r _; do :; done; kill -s KILL "$@"';
  const guard = spawn('/bin/sh', ['-c', script, 'sh', ...pids.map(String)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  return guard;
}
