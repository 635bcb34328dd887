import { describe, expect, it } from 'vitest';
import { p99BoundRanks, rankOf } from './percentile-ranks.ts';

describe('ranks', () => {
  it('take the smallest value that the share lies at or below', () => {
    expect([rankOf(1, 500), rankOf(100, 990), rankOf(101, 990), rankOf(1_000, 999), rankOf(7, 500)]).toEqual([
      1, 99, 100, 999, 4,
    ]);
  });

  it('bound the 99th percentile as the counting of bad events does', () => {
    // 1,000 events pass with 4 bad ones and fail with 16: the 996th value is above p99, the 985th below.
    expect(p99BoundRanks(1_000)).toEqual({ low: 985, high: 996 });
    expect(p99BoundRanks(10_000)).toEqual({ low: 10_000 - 118 + 1, high: 10_000 - 83 });
  });

  it('count as many values as come together in a spell as one', () => {
    // 10,000 values in spells of 10 say as much as 1,000: 4 spells lie above the upper bound, 16 at or above the lower one.
    expect(p99BoundRanks(10_000, 10)).toEqual({ low: 10_000 - 160 + 1, high: 10_000 - 40 });
    expect(p99BoundRanks(13_000, 45).high).toBeNull();
    expect(p99BoundRanks(10_000, 1, 10)).toEqual({ low: 10_000 - 118 + 1, high: 10_000 - 40 });
  });

  it('have no upper bound below 299 values', () => {
    expect(p99BoundRanks(298).high).toBeNull();
    expect(p99BoundRanks(299).high).toBe(299);
    expect(p99BoundRanks(0)).toEqual({ low: null, high: null });
  });
});
