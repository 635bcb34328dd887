/** All processes with a mark and their descendants, even when their parents died; read from /proc, so only on Linux. */
import { readdirSync, readlinkSync } from 'node:fs';
import { textOf } from '../../tests/leftovers.ts';

interface Running {
  pid: number;
  parent: number;
  /** In ticks since the machine's start: together with it, a pid identifies a process for ever. */
  startedAt: number;
}

interface Member extends Running {
  command: string;
  /** Ports that it listened on, by their sockets. */
  ports: Map<string, number>;
}

export interface Family extends Disposable {
  /** Those that are alive, in words. */
  living(): string[];
  /** Ports that are still open, whoever holds them now, in words. */
  openPorts(): string[];
  /** A living process whose command line matches. */
  find(command: RegExp): number | undefined;
  /** Ends what is left. */
  kill(): void;
}

const lookEveryMs = 500;

/** Watches processes with a mark and their descendants, many of which get no environment from their parents. */
export function watchFamily(mark: string): Family {
  const members = new Map<string, Member>();
  const living = (): Member[] => {
    const running = runningProcesses();
    join(members, running, mark);
    return running.flatMap((one) => members.get(keyOf(one)) ?? []);
  };
  const timer = setInterval(living, lookEveryMs);
  return {
    living: () => living().map(({ pid, command }) => `process ${pid} ${command.slice(0, 160)}`),
    openPorts() {
      const listening = listeningSockets();
      return [...members.values()].flatMap(({ ports, command }) =>
        [...ports]
          .filter(([socket]) => listening.has(socket))
          .map(([, port]) => `port ${port} of ${command.slice(0, 80)}`),
      );
    },
    find: (command) => living().find((member) => command.test(member.command))?.pid,
    kill() {
      for (const { pid } of living()) end(pid);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

const keyOf = ({ pid, startedAt }: Running): string => `${pid} ${startedAt}`;

/** Adds new members to the family, and the ports that its members listen on. */
function join(members: Map<string, Member>, running: Running[], mark: string): void {
  const listening = listeningSockets();
  const parents = new Set<number>();
  // Parents are older than their children.
  for (const one of running.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const known = members.get(keyOf(one));
    if (known === undefined && !parents.has(one.parent) && !carries(one.pid, mark)) continue;
    const member = known ?? { ...one, command: '', ports: new Map() };
    members.set(keyOf(one), member);
    parents.add(one.pid);
    member.command = textOf(`/proc/${one.pid}/cmdline`).replaceAll('\0', ' ').trim();
    for (const socket of socketsOf(one.pid)) {
      const port = listening.get(socket);
      if (port !== undefined) member.ports.set(socket, port);
    }
  }
}

const carries = (pid: number, mark: string): boolean =>
  textOf(`/proc/${pid}/environ`).split('\0').includes(`TENFOLD_TEST_MARK=${mark}`);

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}

/** All running processes, without zombies. */
function runningProcesses(): Running[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    // "pid (name) state parent ...": a name may hold spaces and parentheses.
    const stat = textOf(`/proc/${name}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0] ?? '';
    if (state === '' || state === 'Z' || state === 'X') return [];
    return [{ pid: Number(name), parent: Number(fields[1]), startedAt: Number(fields[19]) }];
  });
}

function socketsOf(pid: number): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${fd}`))?.[1] ?? []);
  } catch {
    return []; // It ended meanwhile.
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Listening sockets and their ports. A socket's number is unique, so a port that others took later is not ours. */
function listeningSockets(): Map<string, number> {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => textOf(table).split('\n').slice(1));
  return new Map(
    lines.flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [address = '', state, socket = ''] = [fields[1], fields[3], fields[9]];
      return state === '0A' ? [[socket, Number.parseInt(address.split(':')[1] ?? '', 16)] as const] : [];
    }),
  );
}
