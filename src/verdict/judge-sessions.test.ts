import { describe, expect, it } from 'vitest';
import { dropped, findingOf, unproven } from '../../tests/support/test-drill.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/verdict.ts';

/** One session may be lost. */
const of = (kept: number, lost: number, unanswered = 0, some: Partial<Facts> = {}): Finding =>
  findingOf('sessions', { sessions: { kept, lost, unanswered }, ...some }, { sessions: { maxLost: 1 } });

describe('sessions', () => {
  it.each([
    [100, 1, 0, 'pass'],
    [100, 2, 0, 'fail'],
    [0, 0, 0, 'inconclusive'],
    [100, 0, 1, 'pass'],
    [100, 0, 2, 'inconclusive'],
    [100, 1, 1, 'inconclusive'],
    [100, 2, 90, 'fail'],
    [0, 0, 50, 'inconclusive'],
  ])('of which %d were kept, %d lost and %d got no answer, one lost at most: %s', (kept, lost, unanswered, outcome) => {
    expect(of(kept, lost, unanswered).outcome).toBe(outcome);
  });

  it('that were lost are lost whatever k6 did not send, and nobody knows of the others', () => {
    expect(of(100, 2, 0, dropped).outcome).toBe('fail');
    expect(of(100, 0, 0, dropped).outcome).toBe('inconclusive');
    expect(of(100, 0, 0, unproven).outcome).toBe('inconclusive');
  });

  it('that nobody answered a look for are not said to have been looked for by nobody', () => {
    expect(of(0, 0, 50).message).toMatch(/^Nobody answered any of 50 looks for a session/);
    expect(of(0, 0, 0).message).toMatch(/^No shopper returned to a session/);
  });

  it('say their numbers in a sentence', () => {
    expect(of(811, 1).message).toBe('1 of 812 sessions looked for after the injection was lost; at most 1 may be.');
    expect(of(811, 1, 7)).toMatchObject({
      message:
        '1 of 812 sessions looked for after the injection was lost; at most 1 may be. Nobody answered whether 7 others were lost.',
      evidence: { kept: 811, lost: 1, unanswered: 7 },
    });
  });
});
