import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRestingAddresses } from './resting.ts';

const [a, b] = [
  { host: '127.0.0.1', port: 1 },
  { host: '127.0.0.1', port: 2 },
];
beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

describe('an address where connecting failed', () => {
  it('rests, while the others are used', () => {
    const resting = createRestingAddresses(100);
    resting.failed(a);
    expect(resting.pick([a, b])).toBe(b);
    expect(() => resting.pick([a])).toThrow(expect.objectContaining({ code: 'ERESTING' }));
  });

  it('is tried by one after its rest, and by all once that succeeded', () => {
    const resting = createRestingAddresses(100);
    resting.failed(a);
    vi.advanceTimersByTime(100);
    expect(resting.pick([a])).toBe(a);
    expect(() => resting.pick([a])).toThrow(expect.objectContaining({ code: 'ERESTING' }));
    resting.succeeded(a);
    expect([resting.pick([a]), resting.pick([a])]).toEqual([a, a]);
  });

  it('is tried by all at once when nobody lets it rest', () => {
    const resting = createRestingAddresses(0);
    resting.failed(a);
    expect([resting.pick([a]), resting.pick([a])]).toEqual([a, a]);
  });
});
