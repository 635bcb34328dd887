import { readdirSync } from 'node:fs';
import { ProcessFile, type ProcessTimes } from './process-times.ts';

interface Member<Account> {
  account: Account;
  file: ProcessFile;
  last: ProcessTimes;
}

/**
 * CPU time by who used it: each account has a root, a process on this machine, and holds whatever descends from it. A
 * process belongs to the account of its parent, or, if that has died, of the leader of its group or session; an
 * account's root may descend from another's. The time of a process that starts and ends between two looks is in the
 * times of the parent that waited for it. A process that is killed and left to init loses at most what it used since the
 * last look.
 */
export class CpuAccounts<Account extends string> implements Disposable {
  readonly #roots: ReadonlyMap<number, Account>;
  readonly #members = new Map<number, Member<Account>>();
  /** Other processes, so that each is read only once. */
  #strangers = new Set<number>();

  constructor(roots: Iterable<readonly [number, Account]>) {
    this.#roots = new Map(roots);
    this.look();
  }

  /** Whether at least one process of each account has been found. */
  get isComplete(): boolean {
    const found = new Set([...this.#members.values()].map(({ account }) => account));
    return [...this.#roots.values()].every((account) => found.has(account));
  }

  /**
   * CPU milliseconds since the last look, or since the first one. null where there is no /proc. While a process is being
   * waited for, its time may or may not be in its parent's already: the next look corrects that, and may therefore return a
   * negative time.
   */
  look(): Map<Account, number> | null {
    const pids = listed();
    if (pids === null) return null;
    const used = new Map<Account, number>();
    const add = (account: Account, ms: number) => used.set(account, (used.get(account) ?? 0) + ms);
    const former = new Map([...this.#members].map(([pid, { account }]) => [pid, account]));
    const lasts = new Map([...this.#members].map(([pid, { last }]) => [pid, last]));
    const endedMs = this.#readAgain();
    for (const [pid, { account, last: now }] of this.#members) {
      const last = lasts.get(pid) as ProcessTimes;
      add(account, now.ownMs + now.reapedMs - last.ownMs - last.reapedMs - (endedMs.get(pid) ?? 0));
    }
    for (const { account, last } of this.#admit(pids, former)) add(account, last.ownMs + last.reapedMs);
    return used;
  }

  /**
   * Removes processes that are gone. Returns what had been counted of them, by the process in whose times it turns up again:
   * the parent, or, if that has ended too, the one that waited for it.
   */
  #readAgain(): Map<number, number> {
    const ended = new Map<number, ProcessTimes>();
    for (const [pid, member] of this.#members) {
      const now = member.file.read();
      if (now === null) {
        member.file.close();
        this.#members.delete(pid);
        ended.set(pid, member.last);
      } else if (now.parent !== 0 || member.last.parent === 0) {
        member.last = now;
      } // Otherwise it is being waited for: the kernel no longer reports a parent, nor all of its time.
    }
    const endedMs = new Map<number, number>();
    for (const { parent, ownMs, reapedMs } of ended.values()) {
      let heir = parent;
      for (let above = ended.get(heir); above !== undefined; above = ended.get(heir)) heir = above.parent;
      endedMs.set(heir, (endedMs.get(heir) ?? 0) + ownMs + reapedMs);
    }
    return endedMs;
  }

  /** Admits new processes that belong to an account; the others are strangers from then on. */
  #admit(pids: number[], former: ReadonlyMap<number, Account>): Member<Account>[] {
    const admitted: Member<Account>[] = [];
    const isNew = (pid: number) => !this.#members.has(pid) && !this.#strangers.has(pid);
    let unknown = pids.filter(isNew).flatMap(opened);
    // A child may have a lower PID than its parent.
    for (let before = -1; before !== unknown.length; ) {
      before = unknown.length;
      unknown = unknown.filter(({ file, last }) => {
        const account = this.#accountOf(last, former);
        if (account === undefined) return true;
        const member = { account, file, last };
        this.#members.set(last.pid, member);
        admitted.push(member);
        return false;
      });
    }
    for (const { file } of unknown) file.close();
    this.#strangers = new Set(pids.filter((pid) => !this.#members.has(pid)));
    return admitted;
  }

  #accountOf({ pid, parent, group, session }: ProcessTimes, former: ReadonlyMap<number, Account>): Account | undefined {
    const own = this.#roots.get(pid);
    if (own !== undefined) return own;
    // Being waited for: its time is in its parent's.
    if (parent === 0) return undefined;
    const kin = [parent, group, session].find((one) => this.#members.has(one) || former.has(one));
    return kin === undefined ? undefined : (this.#members.get(kin)?.account ?? former.get(kin));
  }

  [Symbol.dispose](): void {
    for (const { file } of this.#members.values()) file.close();
    this.#members.clear();
  }
}

function opened(pid: number): { file: ProcessFile; last: ProcessTimes }[] {
  try {
    const file = new ProcessFile(pid);
    const last = file.read();
    if (last !== null) return [{ file, last }];
    file.close();
  } catch {
    // It ended meanwhile.
  }
  return [];
}

function listed(): number[] | null {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return null; // Not Linux.
  }
}
