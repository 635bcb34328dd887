import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testPlatform } from '../../tests/support/test-platform.ts';
import type { Drill } from '../model/drill.ts';
import { cannotTell, Stopped } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import type { Undoers, Way } from '../model/fault.ts';
import type { Plan } from '../model/plan.ts';
import type { Platform } from '../model/platform.ts';
import type { Target } from '../model/target.ts';
import { makePlan } from '../plan/make-plan.ts';
import { nowMs, waitFor } from '../runtime/clock.ts';
import { Journal, pendingUndos } from '../safety/journal.ts';
import { holderOf, isHeld } from '../safety/lock.ts';
import { journalFolderOf, journalPathOf, lockPathOf } from '../safety/state.ts';
import type { Instruments } from './instruments.ts';
import { runDrill } from './run-drill.ts';
import type { StepLimits } from './steps.ts';

/*
 * A drill from its lock to its verdict, with nothing in it that takes time: what is broken is a variable, the load ends at once, and
 * every point can fail, hang, or be where a signal comes. Journal, lock, run folder and judge are real.
 */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-sequence-'));
  process.env.XDG_STATE_HOME = join(folder, 'state');
});
afterEach(() => {
  delete process.env.XDG_STATE_HOME;
  rmSync(folder, { recursive: true });
});

const points = ['stand up', 'check', 'steady', 'load', 'peak', 'inject', 'prove', 'hold', 'undo', 'collect'] as const;
type Point = (typeof points)[number];
type Event = 'throws' | 'hangs' | 'interrupted' | 'stopped';

/** What happens where; every other point goes well. */
interface Trouble {
  at: Point;
  event: Event;
}

/** The world that a drill acts on, and what it did to it. */
class World {
  readonly #trouble: Trouble | undefined;
  readonly ending = new AbortController();
  isBroken = false;
  undos = 0;
  /** What the undo leaves as it is, as somebody else has changed it. */
  left: string[] = [];
  undoTakesMs = 0;
  undoMs = 100;

  constructor(trouble?: Trouble) {
    this.#trouble = trouble;
  }

  /** Goes through a point. What hangs heeds no signal. */
  async pass(point: Point): Promise<void> {
    if (this.#trouble?.at !== point) return;
    const { event } = this.#trouble;
    if (event === 'throws') throw cannotTell(`${point} failed`);
    if (event === 'hangs') return await new Promise(() => {});
    this.ending.abort(new Stopped(event, `${event} at ${point}`));
    await delay(20);
  }

  readonly undoers: Undoers = {
    power: async () => {
      this.isBroken = false;
    },
  };

  drill = (): Drill => ({
    name: 'power',
    title: 'Power goes',
    why: 'It does.',
    objectives: {
      latency: [],
      recovery: [{ path: 'read', objectiveMs: 5_000 }],
      errorBudget: { objective: 0.9995, windowDays: 30, maxBurnedRatio: 0.23 },
    },
    fault: {
      kind: 'power',
      summary: 'power goes',
      effects: [{ kind: 'power', startsAfterMs: 0 }],
      hits: () => [],
      problems: () => [],
      ways: [this.#bySwitch()],
    },
  });

  #bySwitch = (): Way => ({
    name: 'switch',
    requires: [],
    undo: 'light',
    rights: [],
    limits: { injectMs: 100, undoMs: this.undoMs },
    check: async () => {
      await this.pass('check');
      return [];
    },
    inject: async ({ willChange, signal }) => {
      const undone = willChange({ kind: 'power' });
      this.isBroken = true;
      await this.pass('inject');
      signal.throwIfAborted();
      return {
        injectedAtMs: nowMs(),
        prove: async () => {
          await this.pass('prove');
          return { provenAtMs: nowMs(), proof: 'it is dark' };
        },
        undo: async () => {
          this.undos += 1;
          await this.pass('undo');
          await delay(this.undoTakesMs);
          this.isBroken = false;
          undone(this.left);
          return { revertedAtMs: nowMs() };
        },
      };
    },
  });

  target = (): Target => ({
    name: 'world',
    capabilities: new Set(),
    protections: [],
    checkoutShare: 0,
    inventory: async () => ({ zones: [], nodes: [], databaseInstances: [] }),
    standUp: async ({ signal }) => {
      await this.pass('stand up');
      signal.throwIfAborted();
      return this.platform();
    },
  });

  platform = (): Platform =>
    testPlatform({
      shop: {
        baseUrl: 'http://127.0.0.1:9',
        tenants: [],
        probes: {
          read: { method: 'GET', path: '/', headers: {}, body: null, expectStatus: [200], expectText: '' },
          write: null,
          everyMs: { pooled: 500, new: 500, replica: 500 },
        },
      },
      cluster: {
        events: async () => {
          await this.pass('collect');
          return [];
        },
        inventory: async () => ({ nodes: [], nodesWanted: 0, pods: [], podsWanted: 0, podsMax: null }),
        podEnds: async () => [],
      },
    });

  instruments = (): Instruments => ({
    findK6: async () => ({ path: '/nowhere/k6', version: '0', from: 'nowhere' }),
    calmHostWatch: () => ({ onLook: () => {}, held: async () => {} }),
    startSentinel: async (_run, _platform, { lanes }, _signal, onTick) => {
      await this.pass('steady');
      const all = lanes.map(({ lane }) => [lane, { good: 1_000, failed: 0 }] as const);
      const tick = (): void =>
        onTick({ atMs: nowMs(), lanes: Object.fromEntries(all), latenessMaxMs: 0, unsent: {}, firstServed: {} });
      tick();
      tick();
      return { ended: new Promise(() => {}), [Symbol.asyncDispose]: async () => {} };
    },
    startLoad: async (_, { signal }) => {
      await this.pass('load');
      const hold = async (): Promise<void> => {
        await delay(50);
        await this.pass('hold');
        signal.throwIfAborted();
      };
      const ended = this.faultIsDue().then(hold);
      ended.catch(() => {});
      const faultDue = this.faultIsDue().then(() => null);
      faultDue.catch(() => {});
      return { faultDue, struck: () => {}, ended, [Symbol.asyncDispose]: async () => {} };
    },
  });

  #due: Promise<void> | undefined;
  faultIsDue(): Promise<void> {
    this.#due ??= this.pass('peak');
    return this.#due;
  }
}

/** The load itself is planned to take longer than any test. */
const limits: StepLimits = {
  'stand up the platform': 100,
  'platform healthy': 100,
  'check the fault': 100,
  'steady state': 1_000,
  traffic: -14_000,
  collect: 100,
  'all as before': 100,
  endingMs: 50,
};

async function drillIn(world: World, planned: Pick<Plan, 'loadFrom'> = {}, limitsOfSteps = limits) {
  const profile = {
    name: 'test',
    baselineRatePerSecond: 10,
    peakFactor: 2,
    baselineMs: 2_000,
    rampMs: 1_000,
    peakMs: 6_000,
    afterFaultMs: 6_000,
  };
  const drill = world.drill();
  const target = world.target();
  const made = makePlan(drill, profile, target, { without: [], inventory: await target.inventory() });
  const plan: Plan = { ...made, ...planned };
  const result = await runDrill(drill, plan, {
    target,
    undoers: () => world.undoers,
    script: '',
    command: 'none',
    reportsFolder: join(folder, 'reports'),
    platform: 'world',
    keep: false,
    instruments: world.instruments(),
    limits: limitsOfSteps,
    signal: world.ending.signal,
    listener: () => {},
    onProgress: () => {},
  });
  const journals = existsSync(journalFolderOf('world')) ? readdirSync(journalFolderOf('world')) : [];
  const pending = await Promise.all(journals.map((name) => pendingUndos(join(journalFolderOf('world'), name))));
  const holder = await holderOf(lockPathOf('world'));
  return {
    exitCode: result.exitCode,
    status: (JSON.parse(readFileSync(join(result.runFolder, 'verdict.json'), 'utf8')) as { status: string }).status,
    pending: pending.flat().length,
    isLocked: holder !== undefined && isHeld(holder),
    isBroken: world.isBroken,
  };
}

const { inconclusive, stopped } = exitCodes;
const asBefore = { pending: 0, isLocked: false, isBroken: false };

test('a drill in which all goes well is completed, and leaves nothing', async () => {
  expect(await drillIn(new World())).toEqual({ ...asBefore, status: 'completed', exitCode: inconclusive });
});

/** Whatever happens, nothing stays broken, locked or to be undone; what is reported depends only on what happened. */
const table = points.flatMap((at) =>
  (['throws', 'hangs', 'interrupted', 'stopped'] as const).map((event): [Point, Event, string, number] => {
    if (event === 'interrupted' || event === 'stopped') return [at, event, event, stopped];
    // A proof that never comes does not end the drill: the load goes on, and the fault stays unproven.
    const goesOn = at === 'prove' && event === 'hangs';
    return [at, event, goesOn ? 'completed' : 'crashed', inconclusive];
  }),
);

test.each(table)('%s %s: %s, exit code %d', async (at, event, status, exitCode) => {
  const world = new World({ at, event });
  expect(await drillIn(world)).toEqual({ ...asBefore, status, exitCode });
});

/** A world whose undo takes longer than the rest of its step, or than the step may take to end. */
function slowToUndo(trouble?: Trouble) {
  const world = new World(trouble);
  world.undoTakesMs = 1_500;
  world.undoMs = 3_000;
  let cutOff = false;
  world.undoers.power = async () => {
    cutOff = true;
    world.isBroken = false;
  };
  return { world, wasCutOff: () => cutOff };
}

test.each([
  ['the load has taken what its step may take', undefined, 'completed'],
  ['the drill is interrupted', { at: 'hold', event: 'interrupted' } as const, 'interrupted'],
])('where %s, an undo has all the time that its way names', async (_, trouble, status) => {
  const { world, wasCutOff } = slowToUndo(trouble);
  expect(await drillIn(world)).toMatchObject({ ...asBefore, status });
  expect([world.undos, wasCutOff()]).toEqual([1, false]);
});

test('load from a cluster has time to start its pods beside what its step may take', async () => {
  const podsMs = 150_000;
  const shorter = { ...limits, traffic: limits.traffic - podsMs };
  expect(await drillIn(new World(), { loadFrom: 'cluster' }, shorter)).toMatchObject({
    ...asBefore,
    status: 'completed',
  });
});

test.each([
  ['before anything is broken ends the drill', () => true, 'crashed'],
  ['with what was broken ends nothing: what k6 saw still counts', (world: World) => world.isBroken, 'completed'],
])('a sentinel whose pod is lost %s', async (_, isLost, status) => {
  const world = new World();
  const usual = world.instruments();
  world.instruments = () => ({
    ...usual,
    startSentinel: async (...args) => ({
      ...(await usual.startSentinel(...args)),
      ended: waitFor('the loss', () => isLost(world) || undefined, { timeoutMs: 5_000, intervalMs: 1 }).then(() => ({
        exitCode: null,
        message: 'its pod is gone',
        podLost: true,
      })),
    }),
  });
  expect(await drillIn(world)).toMatchObject({ ...asBefore, status });
});

test('an undo that keeps failing leaves the platform dirty, by exit code, journal and lock', async () => {
  const world = new World({ at: 'undo', event: 'throws' });
  world.undoers.power = async () => {
    throw new Error('no');
  };
  expect(await drillIn(world)).toEqual({
    pending: 1,
    isLocked: false,
    isBroken: true,
    status: 'crashed',
    exitCode: exitCodes.dirty,
  });
});

test('what somebody else has changed meanwhile is told in the end, once, and there is nothing more to undo', async () => {
  const world = new World();
  world.left = ['the lamp was painted'];
  expect(await drillIn(world)).toEqual({ ...asBefore, status: 'completed', exitCode: exitCodes.dirty });
});

test.each([
  ['in which all goes well', undefined],
  ['that is interrupted before anything is broken', { at: 'check', event: 'interrupted' } as const],
])('of a drill %s the lock of its target is let go of last, by whoever took it', async (_, trouble) => {
  const world = new World(trouble);
  const log: string[] = [];
  const usual = world.target();
  world.undoers.lock = async () => void log.push('undone as if it were dead');
  world.target = () => ({
    ...usual,
    leftBehind: async () => {
      log.push('looked whether all is as before');
      return [];
    },
    lock: async ({ willChange }) => {
      const undone = willChange({ kind: 'lock', isLock: true });
      return {
        async [Symbol.asyncDispose]() {
          log.push('let go');
          undone();
        },
      };
    },
  });
  expect(await drillIn(world)).toMatchObject(asBefore);
  expect(log.at(-1)).toBe('let go');
  expect(log).not.toContain('undone as if it were dead');
});

test('what a dead drill left that called the platform by another name is undone before the lock is taken over', async () => {
  const world = new World();
  world.isBroken = true;
  const owner = {
    platform: 'its-other-name',
    runId: 'theirs',
    runFolder: '',
    pid: spawnSync('true').pid,
    host: hostname(),
  };
  {
    await using journal = new Journal(journalPathOf(owner.platform, owner.runId), owner);
    journal.willChange({ kind: 'power', clusterUid: 'uid-1' });
  }
  const usual = world.target();
  let wasBroken: boolean | undefined;
  world.target = () => ({
    ...usual,
    lock: async ({ undoLeft }) => {
      await undoLeft({ clusterUid: 'uid-2' });
      wasBroken = world.isBroken;
      await undoLeft({ clusterUid: 'uid-1' });
      expect(world.isBroken).toBe(false);
      return new AsyncDisposableStack();
    },
  });
  expect(await drillIn(world)).toMatchObject(asBefore);
  expect(wasBroken).toBe(true);
  expect(existsSync(journalPathOf(owner.platform, owner.runId))).toBe(false);
});
