import { expect, test } from 'vitest';
import { isKilled } from './lies.ts';
import { lifeOf } from './life.ts';
import { drawRounds, mends, type Round, signals, victims, ways, wheres } from './rounds.ts';

const asPromised = { rounds: 100, others: 40, seed: 1 };
const campaign = drawRounds(asPromised);
const valuesOf = (key: keyof Round, rounds = campaign) => new Set(rounds.map((round) => round[key]));

test('a seed gives the same rounds again, and another one others', () => {
  expect(drawRounds(asPromised)).toEqual(campaign);
  expect(drawRounds({ ...asPromised, seed: 2 })).not.toEqual(campaign);
});

test('there are as many as were asked for, and a hundred of them are kill -9', () => {
  expect(campaign.map(({ number }) => number)).toEqual(campaign.map((_, index) => index + 1));
  expect(campaign).toHaveLength(140);
  expect(campaign.filter(({ way }) => way === 'SIGKILL')).toHaveLength(100);
  expect(drawRounds({ rounds: 7, others: 0, seed: 1 })).toHaveLength(7);
});

test.each([1, 2, 3, 4, 5])('with seed %d every place, victim, way and mend occurs, and every kind of fault', (seed) => {
  const rounds = drawRounds({ ...asPromised, seed });
  expect(valuesOf('where', rounds)).toEqual(new Set(wheres));
  expect(valuesOf('victim', rounds)).toEqual(new Set([...victims, null]));
  expect(valuesOf('way', rounds)).toEqual(new Set(ways));
  expect(valuesOf('mend', rounds)).toEqual(new Set(mends));
  const drills = new Set(rounds.map(({ where, drill }) => `${where} ${drill}`));
  for (const drill of ['aurora-failover', 'node-loss', 'az-outage', 'spot-eviction', 'database-unreachable']) {
    expect(drills).toContain(`own-region ${drill}`);
    expect(drills).toContain(`kept-region ${drill}`);
  }
  expect(drills).toContain('own-region black-friday');
  expect(drills).toContain('attached traffic-alone');
});

test('every signal goes to npm, to the harness, and to both together', () => {
  for (const way of signals) {
    const blows = campaign.filter((round) => round.way === way).map(({ victim, reach }) => `${victim} ${reach}`);
    expect(blows).toEqual(expect.arrayContaining(['npm alone', 'harness alone', 'harness group']));
  }
});

test('moments are spread over the whole life of a drill, and lie within their stage', () => {
  const life = lifeOf('attached', { hasFault: true, hasLongPeak: true });
  const killed = campaign.filter((round) => round.where === 'attached' && isKilled(round));
  for (const { name } of life) expect(killed.filter(({ stage }) => stage === name).length).toBeGreaterThanOrEqual(2);
  const shares = campaign.flatMap(({ where, drill, stage, afterMs }) => {
    const hasFault = !['traffic-alone', 'black-friday'].includes(drill);
    const hasLongPeak = ['az-outage', 'spot-eviction'].includes(drill);
    const { spanMs } = lifeOf(where, { hasFault, hasLongPeak }).find(({ name }) => name === stage) ?? { spanMs: 0 };
    return afterMs / spanMs;
  });
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...shares)).toBeLessThan(1);
  for (const quarter of [0, 1, 2, 3])
    expect(shares.filter((share) => Math.floor(share * 4) === quarter).length).toBeGreaterThan(campaign.length / 8);
});

test('nobody is struck where it cannot be: k6 without load, a region that is none of the drill, a fault that there is none of', () => {
  for (const { where, drill, victim, stage } of campaign) {
    if (victim === 'k6') expect(stage).toMatch(/traffic|inject|fault/);
    if (victim === 'region') expect(where).toBe('own-region');
    if (drill === 'traffic-alone' || drill === 'black-friday') expect(stage).not.toMatch(/inject|fault/);
  }
});

test('only a fault of commands that has a time of its own is left to expire, and only when its drill was killed', () => {
  for (const round of campaign.filter(({ mend }) => mend === 'expiry')) {
    expect(round).toMatchObject({ where: 'attached', drill: 'no-orders', way: 'SIGKILL', victim: 'harness' });
    expect(round.stage).toMatch(/inject|fault/);
  }
});
