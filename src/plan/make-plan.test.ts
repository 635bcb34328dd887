import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rdsFailover } from '../../chaos/rds-failover.ts';
import { zoneOutage } from '../../chaos/zone-outage.ts';
import aurora from '../../scenarios/aurora-failover.ts';
import { profiles } from '../../scenarios/traffic/profiles.ts';
import { patience, session } from '../model/load-spec.ts';
import { loadDurationMs, type Profile, peakRatePerSecond, shareOf, trafficMix } from '../model/profile.ts';
import { type Capability, capabilities, type Inventory, type Target } from '../model/target.ts';
import { loadSpec, makePlan } from './make-plan.ts';
import { plannedSamples } from './samples.ts';

const drill = { name: 'aurora-failover', ...aurora };
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
  capabilities: new Set(['rds-failover', 'protection-switches']),
  protections: ['timeouts', 'quorum-commit'],
  inventory: async () => inventory,
  standUp: () => Promise.reject(new Error('a plan stands nothing up')),
};

test('what a target lacks is told all at once, by name, with what would provide it', () => {
  const bare = { ...target, capabilities: new Set<never>() };
  expect(() => makePlan(drill, smoke, bare, { without: ['timeouts'], inventory })).toThrow(
    /lacks rds-failover: an Aurora-like cluster.*\n.*lacks protection-switches/,
  );
});

test('a protection that does not exist is refused with those that do', () => {
  expect(() => makePlan(drill, smoke, target, { without: ['luck'], inventory })).toThrow(
    'luck is not a protection of bench; there are timeouts, quorum-commit',
  );
});

test('smoke judges checkout at peak and after recovery, and says that the baseline is only reported', () => {
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

test('smoke says of checkouts that a single bad one leaves them open, and nightly has enough of them', () => {
  const reasonOf = (profile: typeof smoke, path: string) =>
    makePlan(drill, profile, target, { without: [], inventory }).samples.find(
      (s) => s.path === path && s.phase === 'peak',
    )?.reason;
  expect(reasonOf(smoke, 'checkout')).toBe('about 501 calls, so few that a single bad one leaves it open');
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
    const spec = loadSpec(makePlan(drill, profile, target, { without: [], inventory }), {
      runId: 'r',
      baseUrl: 'http://127.0.0.1',
      tenants: ['a'],
      family: 4,
      looks: [],
    });
    expect(spec.stages.reduce((sum, stage) => sum + stage.durationMs, 0)).toBe(loadDurationMs(profile));
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
      const less = plannedSamples(some, drill.objectives, true);
      const more = plannedSamples(
        { ...some, baselineRatePerSecond: some.baselineRatePerSecond * 2 },
        drill.objectives,
        true,
      );
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
  const plan = makePlan({ ...drill, minPeakMs: 99_000, minAfterFaultMs: 1_000 }, smoke, target, {
    without: [],
    inventory,
  });
  expect(plan.profile).toMatchObject({ peakMs: 99_000, afterFaultMs: smoke.afterFaultMs });
  expect(plan.loadDurationMs).toBe(loadDurationMs(plan.profile));
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
