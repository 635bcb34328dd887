import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { rdsFailover } from '../../chaos/rds-failover.ts';
import { spotInterruption } from '../../chaos/spot-interruption.ts';
import { zoneOutage } from '../../chaos/zone-outage.ts';
import aurora from '../../scenarios/aurora-failover.ts';
import blackFriday from '../../scenarios/black-friday.ts';
import { profiles } from '../../scenarios/traffic/profiles.ts';
import { type Capability, capabilities } from '../model/capabilities.ts';
import type { Drill, DrillDefinition } from '../model/drill.ts';
import type { FaultEffect } from '../model/fault.ts';
import { patience, session } from '../model/load-spec.ts';
import { objectivesOn } from '../model/objectives.ts';
import { loadDurationMs, type Profile, peakRatePerSecond, shareOf, trafficMix } from '../model/profile.ts';
import type { Inventory, Target } from '../model/target.ts';
import { loadSpec, makePlan } from './make-plan.ts';
import { plannedSamples } from './samples.ts';

/** As it is without its runbook, which is read when a drill is loaded. */
const drillOf = (name: string, { runbook: _, ...definition }: DrillDefinition): Drill => ({ name, ...definition });
const drill = drillOf('aurora-failover', aurora);
const smoke = profiles.smoke as NonNullable<typeof profiles.smoke>;
const inventory: Inventory = {
  zones: ['a', 'b', 'c'],
  nodes: ['a', 'b', 'c'].flatMap((zone) => [
    { name: `${zone}-1`, zone, capacity: 'on-demand' as const },
    { name: `${zone}-2`, zone, capacity: 'spot' as const },
  ]),
  databaseInstances: ['a', 'b', 'c'].map((zone) => ({ id: `db-${zone}`, zone })),
};
const all = new Set(Object.keys(capabilities) as Capability[]);
const target: Target = {
  name: 'bench',
  timeScale: 12,
  capabilities: new Set(['database-failover', 'protection-switches']),
  protections: ['timeouts', 'quorum-commit'],
  inventory: async () => inventory,
  standUp: () => Promise.reject(new Error('a plan stands nothing up')),
};

test('what a target lacks is told all at once, by name, with what would provide it', () => {
  const bare = { ...target, capabilities: new Set<never>() };
  expect(() => makePlan(drill, smoke, bare, { without: ['timeouts'], inventory })).toThrow(
    /lacks database-failover: a database of a writer.*\n.*lacks protection-switches/,
  );
});

describe.each([
  ['a failover', drill],
  ['one with no fault', drillOf('black-friday', blackFriday)],
])('at any scale %s is judged as at its own', (_, drilled) => {
  const able = { ...target, capabilities: all };
  it.each(Object.values(profiles))('in the profile $name', (profile) => {
    const judged = (divisor?: number) => {
      const scale = divisor === undefined ? undefined : { divisor, because: 'tried' };
      const { samples } = makePlan(drilled, profile, able, { without: [], inventory, scale });
      return samples.filter((sample) => sample.judged).map(({ path, phase }) => `${path} ${phase}`);
    };
    for (const divisor of [10, 15, 40, 60]) expect(judged(divisor)).toEqual(expect.arrayContaining(judged()));
  });
});

test('a scale changes the rate of the traffic, not its shape', () => {
  const plan = makePlan(drill, smoke, target, { without: [], inventory, scale: { divisor: 20, because: 'tried' } });
  expect(plan).toMatchObject({ peakRatePerSecond: 300, scale: { divisor: 20, because: 'tried' } });
  expect(plan.profile).toMatchObject({ baselineRatePerSecond: 30, peakFactor: 10, rampMs: smoke.rampMs });
});

test('a protection that does not exist is refused with those that do', () => {
  expect(() => makePlan(drill, smoke, target, { without: ['luck'], inventory })).toThrow(
    'luck is not a protection of bench; known: timeouts, quorum-commit',
  );
});

test('smoke has calls enough to keep checkout by at peak and after recovery, and says that it has too few at baseline', () => {
  const judged = Object.fromEntries(
    makePlan(drill, smoke, target, { without: [], inventory }).samples.map((s) => [`${s.path} ${s.phase}`, s.judged]),
  );
  expect(judged).toEqual({
    'api baseline': true,
    'api peak': true,
    'api recovered': true,
    'checkout baseline': false,
    'checkout peak': true,
    'checkout recovered': true,
  });
});

test('smoke says of checkouts that it looks longer for a single bad one, and nightly has enough of them', () => {
  const reasonOf = (profile: typeof smoke, path: string) =>
    makePlan(drill, profile, target, { without: [], inventory }).samples.find(
      (s) => s.path === path && s.phase === 'peak',
    )?.reason;
  expect(reasonOf(smoke, 'checkout')).toBe('about 501 calls, so few that a single bad one makes the drill look longer');
  expect(reasonOf(smoke, 'api')).toBe('about 12698 calls');
  expect(reasonOf(profiles.nightly as typeof smoke, 'checkout')).toBe('about 2736 calls');
});

test.each(['nightly', 'readiness'])('%s judges every promise in every phase', (name) => {
  const profile = profiles[name] as typeof smoke;
  expect(makePlan(drill, profile, target, { without: [], inventory }).samples.every((s) => s.judged)).toBe(true);
});

test('the mix is 95 % reads and 5 % writes, and its shares add up to 1', () => {
  const { list, product, search, cart, checkout } = trafficMix;
  expect(list + product + search).toBeCloseTo(0.95);
  expect(cart + checkout).toBeCloseTo(0.05);
  expect(shareOf('api') + shareOf('checkout')).toBeCloseTo(1);
});

test('the schedule handed to k6 lasts as long as planned and steps up in at most 30 s', () => {
  for (const profile of Object.values(profiles)) {
    // A profile that may hold phases on tells k6 of more, see schedule.test.ts.
    const plan = makePlan(drill, { ...profile, holdOnTimes: 0 }, target, { without: [], inventory });
    const spec = loadSpec(plan, { runId: 'r', baseUrl: 'http://127.0.0.1', tenants: ['a'], family: 4, looks: [] });
    expect(spec.stages.reduce((sum, stage) => sum + stage.durationMs, 0)).toBe(plan.loadDurationMs);
    expect(plan.loadDurationMs).toBeGreaterThanOrEqual(loadDurationMs(profile));
    expect(spec.stages[1]?.durationMs).toBeLessThanOrEqual(30_000);
    // Shoppers in sessions cannot become ten times as many within seconds: they are there from the start.
    expect(spec.peakRatePerSecond).toBe((profile.inSessions ? 1 : 10) * profile.baselineRatePerSecond);
    expect(spec.peakRatePerSecond).toBeGreaterThanOrEqual(600);
    expect(profile.baselineRatePerSecond).toBeGreaterThanOrEqual(60);
  }
});

test('more load never yields fewer samples, and what is judged has enough of them', () => {
  const profile = fc.record({
    name: fc.constant('any'),
    baselineRatePerSecond: fc.integer({ min: 1, max: 5_000 }),
    peakFactor: fc.integer({ min: 1, max: 20 }),
    baselineMs: fc.integer({ min: 2_000, max: 600_000 }),
    rampMs: fc.integer({ min: 0, max: 30_000 }),
    peakMs: fc.integer({ min: 5_000, max: 600_000 }),
    afterFaultMs: fc.integer({ min: 5_000, max: 600_000 }),
  });
  fc.assert(
    fc.property(profile, (some) => {
      const of = (profile: Profile) =>
        plannedSamples({
          profile,
          objectives: objectivesOn(drill.objectives, { timeScale: 12 }),
          fault: { kind: 'x', summary: 'x' },
        });
      const less = of(some);
      const more = of({ ...some, baselineRatePerSecond: some.baselineRatePerSecond * 2 });
      less.forEach((s, i) => {
        expect(more[i]?.expected).toBeGreaterThanOrEqual(s.expected);
        if (s.judged) expect(s.expected).toBeGreaterThanOrEqual(299);
        expect(s.expected).toBeLessThanOrEqual((peakRatePerSecond(some) * loadDurationMs(some)) / 1000);
      });
    }),
  );
});

const nodeLossDrill = { ...drill, objectives: { ...drill.objectives, restarts: { maxUnattributed: 0 } } };

test('what an objective is judged by has to be shown by the target', () => {
  expect(() => makePlan(nodeLossDrill, smoke, target, { without: [], inventory })).toThrow(
    /lacks node-inventory: the shop's nodes/,
  );
});

test('everything that keeps a drill from being run is told at once, whoever finds it', () => {
  const fault = {
    ...rdsFailover({ targetInstanceId: 'db-x' }),
    effects: [{ kind: 'rds-failover', startsAfterMs: 99_000 }],
  };
  const refused = () => makePlan({ ...nodeLossDrill, fault }, smoke, target, { without: ['luck'], inventory });
  expect(refused).toThrow(
    /lacks node-inventory.*\n.*luck is not.*\n.*db-x, which does not exist.*\n.*when the load has/s,
  );
});

test('a drill gets the time at peak and after the fault that it needs, and no less than the profile gives', () => {
  const { recoveredMs: _, ...asItIs } = smoke;
  const planned = (minPeakMs: number, minAfterFaultMs: number) =>
    makePlan({ ...drill, minPeakMs, minAfterFaultMs }, asItIs, target, { without: [], inventory });
  const plan = planned(99_000, 1_000);
  expect(plan.profile).toMatchObject({ peakMs: 99_000, afterFaultMs: smoke.afterFaultMs });
  expect(plan.loadDurationMs).toBe(loadDurationMs(plan.profile));
  expect(planned(1_000, 99_000).profile).toMatchObject({ peakMs: smoke.peakMs, afterFaultMs: 99_000 });
});

describe('a profile that is to judge the time after recovery', () => {
  const profile = { ...smoke, afterFaultMs: 32_000, recoveredMs: 18_000 };
  const afterFaultMs = (recovery: Drill['objectives']['recovery'], some: Partial<Drill> = {}) =>
    makePlan(
      { ...drill, objectives: { ...drill.objectives, recovery }, ...some },
      profile,
      { ...target, capabilities: all },
      {
        without: [],
        inventory,
      },
    ).profile.afterFaultMs;

  it('lasts as long as the longest objective of a probed path takes, and that time after it', () => {
    expect(afterFaultMs([{ path: 'write', objectiveMs: 30_000 }])).toBe(48_000);
    expect(
      afterFaultMs([
        { path: 'write', objectiveMs: 30_000 },
        { path: 'shop', objectiveMs: 25_000 },
      ]),
    ).toBe(48_000);
    expect(
      afterFaultMs([
        { path: 'write', objectiveMs: 30_000 },
        { path: 'nodes', objectiveMs: 300_000 },
      ]),
    ).toBe(48_000);
  });

  it('is not made shorter, and no longer where no recovery is promised that it leaves time for', () => {
    expect(afterFaultMs([{ path: 'write', objectiveMs: 5_000 }])).toBe(32_000);
    expect(afterFaultMs([{ path: 'write', objectiveMs: 5_000 }], { minAfterFaultMs: 60_000 })).toBe(60_000);
    // Half of 32 s for the recovery that nobody promised, and 18 s.
    expect(afterFaultMs([])).toBe(34_000);
  });

  it('is as it is in a drill without a fault', () => {
    const objectives = { ...drill.objectives, recovery: [{ path: 'write' as const, objectiveMs: 60_000 }] };
    const plan = makePlan({ ...drill, fault: null, objectives }, profile, target, { without: [], inventory });
    expect(plan.profile).toEqual(profile);
  });

  it('watches long enough for every objective of every drill to be missed', async () => {
    for (const name of [
      'api-server-away',
      'aurora-failover',
      'az-outage',
      'az-outage-then-failover',
      'bad-deploy',
      'container-kill',
      'cpu-pressure',
      'database-unreachable',
      'dns-down',
      'memory-pressure',
      'network-bandwidth',
      'network-latency',
      'network-loss',
      'node-loss',
      'node-partition',
      'pod-kill',
      'scale-to-zero',
      'spot-eviction',
      'spot-storm',
      'zone-partition',
    ]) {
      const { default: definition } = (await import(`../../scenarios/${name}.ts`)) as { default: Omit<Drill, 'name'> };
      const plan = makePlan(
        { name, ...definition },
        smoke,
        { ...target, capabilities: all, timeScale: 12 },
        { without: [], inventory },
      );
      for (const { objectiveMs } of plan.objectives.recovery)
        expect(objectiveMs, name).toBeLessThan(plan.profile.afterFaultMs);
    }
  });
});

describe('how long a fault goes on by itself', () => {
  const planned = (effects: FaultEffect[], timeScale = 1) =>
    makePlan(
      { ...drill, fault: { ...rdsFailover(), effects } },
      smoke,
      { ...target, timeScale },
      { without: [], inventory },
    ).fault;

  it('is told by its last effect to end', () => {
    const first = { kind: 'a', startsAfterMs: 0, lasts: 10_000 };
    expect(planned([first])).toMatchObject({ lastsMs: 10_000 });
    expect(planned([first, { kind: 'b', startsAfterMs: 4_000, lasts: 5_000 }])).toMatchObject({ lastsMs: 10_000 });
    expect(planned([first, { kind: 'b', startsAfterMs: 4_000, lasts: 7_000 }])).toMatchObject({ lastsMs: 11_000 });
    expect(planned([{ kind: 'a', startsAfterMs: 0, lasts: 0 }])).toMatchObject({ lastsMs: 0 });
  });

  it("is shorter on a target whose clock runs faster, and only the part that is the platform's", () => {
    const effects = [{ kind: 'a', startsAfterMs: 2_000, lasts: { platformMs: 120_000, wallMs: 1_000 } }];
    expect(planned(effects)).toMatchObject({ lastsMs: 123_000 });
    expect(planned(effects, 12)).toMatchObject({ lastsMs: 13_000 });
  });

  it('is not known where one effect does not say it', () => {
    const unknown = { kind: 'b', startsAfterMs: 0 };
    expect(planned([unknown])).not.toHaveProperty('lastsMs');
    expect(planned([{ kind: 'a', startsAfterMs: 0, lasts: 10_000 }, unknown])).not.toHaveProperty('lastsMs');
  });

  it('takes the notice of a spot interruption in', () => {
    const { fault } = makePlan(
      { ...drill, fault: spotInterruption({ nodes: 'one' }) },
      smoke,
      { ...target, capabilities: all, timeScale: 12 },
      { without: [], inventory },
    );
    expect(fault).toMatchObject({ lastsMs: (120_000 + 60_000) / 12 });
  });
});

test('a drill without a fault plans nothing in the fault phase, and its recovered phase at the baseline', () => {
  const latency = [
    { path: 'api' as const, limitMs: 100, phases: ['peak' as const, 'fault' as const, 'recovered' as const] },
  ];
  const plan = makePlan(
    { ...drill, fault: null, objectives: { ...drill.objectives, latency, recovery: [] } },
    smoke,
    target,
    { without: [], inventory },
  );
  expect(plan.fault).toBeNull();
  const [peak, fault, recovered] = plan.samples.map(({ expected }) => expected);
  expect(fault).toBe(0);
  expect(peak).toBeGreaterThan(10 * (recovered ?? 0));
});

test('there are virtual users enough to let every page hang until its shopper leaves', () => {
  const shop = { runId: 'r', baseUrl: 'http://127.0.0.1', tenants: ['a'], family: 4 as const, looks: [] };
  const plan = makePlan(
    { ...drill, fault: zoneOutage() },
    smoke,
    { ...target, capabilities: all },
    { without: [], inventory },
  );
  const { browseVus, mix, peakRatePerSecond } = loadSpec(plan, shop);
  const pagesPerSecond = peakRatePerSecond * (1 - mix.checkout);
  expect(browseVus).toBeGreaterThan((pagesPerSecond * patience.pageMs) / 1000);
});

test('there are virtual users enough for all shoppers who think at the same time', () => {
  const shop = { runId: 'r', baseUrl: 'http://127.0.0.1', tenants: ['a'], family: 4 as const, looks: [] };
  const sessions = profiles.sessions as Profile;
  const { browseVus, buyVus, mix } = loadSpec(makePlan(drill, sessions, target, { without: [], inventory }), shop);
  const viewsPerSecond = 600 * (mix.list + mix.product + mix.search);
  expect(browseVus).toBeGreaterThan(viewsPerSecond * session.meanThinkSeconds);
  expect(browseVus).toBeGreaterThan(10_000);
  expect(buyVus).toBe(0);
});
