import { describe, expect, it } from 'vitest';
import recorded from '../../fixtures/spells.json' with { type: 'json' };
import { besideNeighbour, outcomesOf } from './robbed.ts';
import { independent, type RecordedPhase, recordedSpells } from './simulate.ts';

const spellsOf = (path: string) => recordedSpells((recorded as RecordedPhase[]).filter((one) => one.path === path));
/** All calls of a robbed second are bad, and half of those in the one after it. */
const robbery = { maxShare: 0.1, spoils: 1, drains: 0.5, brushes: 0 };
/** With fewer seconds that count, a phase says nothing about spells. */
const leastSeconds = 8;
const options = { runs: 600, seed: 11, leastSeconds };

/** The shop's own p99 is exactly the limit: every pass and every fail is false. */
describe('of simulated runs beside a noisy neighbour whose true p99 is the limit, at most 5 % pass and 5 % fail', () => {
  it.each([
    ['API calls of 22 s, in spells as recorded', spellsOf('api'), 577, 22],
    ['API calls of 60 s, in spells as recorded', spellsOf('api'), 577, 60],
    ['checkouts of 60 s, in spells as recorded', spellsOf('checkout'), 23, 60],
    ['API calls of 60 s, independent', independent, 577, 60],
  ])('%s', (_, shop, callsPerSecond, seconds) => {
    const at = (badShare: number) =>
      outcomesOf(besideNeighbour(shop, robbery), { seconds, callsPerSecond, badShare }, options);
    const { pass, fail } = at(0.01);
    expect(pass).toBeLessThanOrEqual(0.05);
    expect(fail).toBeLessThanOrEqual(0.05);
    expect(at(0.0005).fail).toBe(0);
  });

  it('while nearly all fail where robbed seconds count', () => {
    const counting = { ...robbery, maxShare: 1, brushes: 0.2 };
    const phase = { seconds: 60, callsPerSecond: 577, badShare: 0.0005 };
    expect(outcomesOf(besideNeighbour(spellsOf('api'), counting), phase, options).fail).toBeGreaterThan(0.9);
  });
});
