import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CpuAccounts } from './cpu-accounts.ts';
import { CpuShareMeter } from './cpu-shares.ts';
import { ProcessFile, type ProcessTimes, parseStat } from './process-times.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Burns this much CPU time, however busy the machine is. */
const burn = (ms: number) => `const end = process.cpuUsage();
  for (let used = 0; used < ${ms * 1_000}; ) { const { user, system } = process.cpuUsage(end); used = user + system; }`;
function burnHere(ms: number): void {
  const start = process.cpuUsage();
  for (let usedUs = 0; usedUs < ms * 1_000; ) {
    const { user, system } = process.cpuUsage(start);
    usedUs = user + system;
  }
}

/** Runs a script in a child process. */
const inChild = (script: string, options = '') =>
  `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(script)}], { stdio: 'ignore', ${options} })`;

const stay = 'setInterval(() => {}, 1000)';

/** Soon on a machine that has time. */
const waiting = { interval: 20, timeout: 25_000 };

/** The children of a process, once there are that many. */
function familyOf(pid: number, count: number): number[] | false {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return pids.length === count && pids;
}

/** A process that says when it has done its part, and then waits. */
async function startedAndDone(script: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', `${script}; ${stay}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

const isLinux = process.platform === 'linux';
/** Node's own start-up takes CPU time too. */
const startsMs = 300;

describe.runIf(isLinux)('CPU accounts', () => {
  it('hold what their own processes burnt, and nothing of a stranger', async () => {
    const root = await startedAndDone('console.log(1)');
    using accounts = new CpuAccounts([[root.pid as number, 'root']]);
    expect(accounts.isComplete).toBe(true);
    await startedAndDone(`${burn(300)}; console.log(1)`);
    expect(accounts.look()?.get('root') ?? 0).toBeLessThan(50);
  });

  it('hold what started and ended between two looks, once', async () => {
    const root = await startedAndDone(
      `process.stdin.on('data', () => {}); console.log(1); setTimeout(() => ${inChild(burn(300))}.on('exit', () => console.log(2)), 100)`,
    );
    using accounts = new CpuAccounts([[root.pid as number, 'root']]);
    await once(root.stdout as NodeJS.ReadableStream, 'data');
    const used = accounts.look()?.get('root') ?? 0;
    expect(used).toBeGreaterThanOrEqual(280);
    expect(used).toBeLessThan(300 + 2 * startsMs);
    expect(accounts.look()?.get('root') ?? 0).toBeLessThan(50);
  });

  it('count no time twice when a child, its child and theirs end one after the other', async () => {
    const grandchild = `${inChild(burn(400))}.on('exit', () => process.exit())`;
    const root = await startedAndDone(
      `console.log(1); setTimeout(() => ${inChild(grandchild)}.on('exit', () => console.log(2)), 100)`,
    );
    using accounts = new CpuAccounts([[root.pid as number, 'root']]);
    let used = 0;
    let hasEnded = false;
    const ended = once(root.stdout as NodeJS.ReadableStream, 'data').then(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      await sleep(120);
      used += accounts.look()?.get('root') ?? 0;
    }
    await ended;
    used += accounts.look()?.get('root') ?? 0;
    expect(used).toBeGreaterThanOrEqual(380);
    expect(used).toBeLessThan(400 + 2 * startsMs);
  });

  it('count no time twice when a child is waited for in the middle of a look', async () => {
    const child = burn(100);
    const root = await startedAndDone(`let [left, running] = [12, 3];
      const next = () => {
        if (left-- > 0) ${inChild(child)}.on('exit', next);
        else if (--running === 0) console.log(2);
      };
      console.log(1); setTimeout(() => { next(); next(); next(); }, 300);`);
    using accounts = new CpuAccounts([[root.pid as number, 'root']]);
    let used = 0;
    let hasEnded = false;
    void once(root.stdout as NodeJS.ReadableStream, 'data').then(() => {
      hasEnded = true;
    });
    const file = new ProcessFile(root.pid as number);
    const atFirst = file.read() as ProcessTimes;
    while (!hasEnded) {
      await sleep(0);
      used += accounts.look()?.get('root') ?? 0;
    }
    used += accounts.look()?.get('root') ?? 0;
    const atLast = file.read() as ProcessTimes;
    file.close();
    const truth = atLast.ownMs + atLast.reapedMs - atFirst.ownMs - atFirst.reapedMs;
    // Five ticks, for what this process did itself meanwhile.
    expect(Math.abs(used - truth)).toBeLessThan(50);
  });

  it('keep a process whose parent has died, in its own session or not', async () => {
    const orphan = `${burn(300)}; ${stay}`;
    const parent = `${inChild(orphan)}; ${inChild(orphan, 'detached: true')}; ${stay}`;
    const root = await startedAndDone(`console.log(${inChild(parent, 'detached: true')}.pid)`);
    using accounts = new CpuAccounts([[root.pid as number, 'root']]);
    const [parentPid = 0] = await vi.waitUntil(() => familyOf(root.pid as number, 1), waiting);
    const orphans = await vi.waitUntil(() => familyOf(parentPid, 2), waiting);
    try {
      // Once they are known, their parent may go.
      let used = accounts.look()?.get('root') ?? 0;
      process.kill(parentPid, 'SIGKILL');
      await vi.waitUntil(() => {
        used += accounts.look()?.get('root') ?? 0;
        return used >= 560;
      }, waiting);
      expect(used).toBeLessThan(600 + 4 * startsMs);
    } finally {
      for (const pid of orphans) process.kill(pid, 'SIGKILL');
    }
  });

  it('give a part of the tree to the account of the root it descends from first', async () => {
    const platform = await startedAndDone('console.log(1)');
    using accounts = new CpuAccounts([
      [process.pid, 'instruments'],
      [platform.pid as number, 'platform'],
    ]);
    accounts.look();
    burnHere(200);
    const used = accounts.look();
    expect(used?.get('instruments')).toBeGreaterThanOrEqual(180);
    expect(used?.get('platform') ?? 0).toBeLessThan(50);
  });
});

describe.runIf(isLinux)('shares of the CPU', () => {
  it('give a stranger to the neighbours, and what this process burns to the instruments', async () => {
    const platform = await startedAndDone('console.log(1)');
    // In another session, and left by its parent before anybody looked: nothing ties it to this process.
    const stranger = `setTimeout(() => { ${burn(400)} }, 300)`;
    await startedAndDone(
      `${inChild(stranger, 'detached: true')}.on('spawn', () => { console.log(1); process.exit(); })`,
    );
    await sleep(50);
    const [startMs, cpuCount] = [performance.now(), cpus().length];
    using meter = new CpuShareMeter(platform.pid as number);
    burnHere(300);
    while (performance.now() < startMs + 2_500) await sleep(100);
    const { instrumentRatio, platformRatio, neighbourRatio } = meter.take();
    const allMs = (performance.now() - startMs) * cpuCount;
    expect((instrumentRatio ?? 0) * allMs).toBeGreaterThanOrEqual(280);
    expect((instrumentRatio ?? 0) * allMs).toBeLessThan(500);
    expect((platformRatio ?? 0) * allMs).toBeLessThan(50);
    expect((neighbourRatio ?? 0) * allMs).toBeGreaterThanOrEqual(360);
  });

  it('are unknown without a platform here, and of a platform that is not', () => {
    const unknown = { instrumentRatio: null, platformRatio: null, neighbourRatio: null };
    using elsewhere = new CpuShareMeter(null);
    expect(elsewhere.take()).toEqual(unknown);
    using gone = new CpuShareMeter(2 ** 30);
    expect(gone.take()).toEqual(unknown);
  });
});

describe('a line of /proc/<pid>/stat', () => {
  it('is read after the name, which may hold anything', () => {
    const line = '42 (a) 7 (b c) S 10 11 12 0 -1 4194560 1 2 3 4 250 50 30 20 20 0 1 0 100 0 0';
    expect(parseStat(line)).toEqual({ pid: 42, parent: 10, group: 11, session: 12, ownMs: 3_000, reapedMs: 500 });
  });

  it('is nothing when it is cut off', () => {
    expect(parseStat('42 (node) S 10 11')).toBeNull();
    expect(parseStat('')).toBeNull();
  });
});
