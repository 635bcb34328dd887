import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../scenarios/traffic/random.ts';
import { spreadOf } from './design-effect.ts';

const calls = Array<number>(20).fill(600);
const at = (seconds: Record<number, number>) => calls.map((_, second) => seconds[second] ?? 0);

describe('the spread of bad calls', () => {
  it('is unknown without one, and within a single second', () => {
    expect(spreadOf({ calls, kind: at({}) })).toEqual({ seconds: 20, designEffect: null, degreesOfFreedom: null });
    expect(spreadOf({ calls: [600], kind: [3] })).toMatchObject({ seconds: 1, designEffect: null });
    expect(spreadOf({ calls: [], kind: [] })).toEqual({ seconds: 0, designEffect: null, degreesOfFreedom: null });
  });

  it('is about the size of a spell when all bad calls came in one', () => {
    const { designEffect, degreesOfFreedom } = spreadOf({ calls, kind: at({ 4: 30 }) });
    expect(designEffect).toBeCloseTo(30, 0);
    expect(degreesOfFreedom).toBeLessThan(3);
  });

  it('finds a spell that spans the end of a second in longer blocks', () => {
    const halves = spreadOf({ calls, kind: at({ 4: 15, 5: 15 }) });
    expect(halves.designEffect).toBeCloseTo(30, 0);
  });

  it('is about 1 when calls are bad by themselves, and rests on nearly all seconds', () => {
    const random = seededRandom(5);
    const long = Array<number>(400).fill(600);
    const kind = long.map((count) => Array.from({ length: count }, random).filter((value) => value < 0.01).length);
    const { designEffect, degreesOfFreedom } = spreadOf({ calls: long, kind });
    expect(designEffect).toBeGreaterThan(0.8);
    expect(designEffect).toBeLessThan(1.35);
    expect(degreesOfFreedom).toBeGreaterThan(60);
  });

  it('follows the calls: more bad ones where there are more calls is no spell', () => {
    const uneven = calls.map((count, second) => (second < 10 ? count / 10 : count));
    const { designEffect } = spreadOf({ calls: uneven, kind: uneven.map((count) => count / 100) });
    expect(designEffect).toBeLessThan(0.1);
  });

  it('is 1 when every call is bad', () => {
    expect(spreadOf({ calls, kind: calls }).designEffect).toBe(1);
  });
});
