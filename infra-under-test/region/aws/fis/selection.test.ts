import { describe, expect, it } from 'vitest';
import { durationMs } from './durations.ts';
import { valuesAt } from './resources.ts';
import { readSelection, select } from './selection.ts';

describe('a selection', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const taken = (mode: string) => {
    const selection = readSelection(mode);
    return selection && select(items, selection).length;
  };

  it('takes all, a count or a percentage rounded down', () => {
    expect(['ALL', 'COUNT(2)', 'COUNT(9)', 'PERCENT(100)', 'PERCENT(50)', 'PERCENT(19)'].map(taken)).toEqual([
      5, 2, 5, 5, 2, 0,
    ]);
    expect(['', 'all', 'COUNT', 'COUNT()', 'COUNT(-1)', 'PERCENT(0)', 'PERCENT(101)'].map(taken)).toEqual(
      Array(7).fill(null),
    );
  });

  it('is random', () => {
    const chosen = new Set(Array.from({ length: 200 }, () => select(items, { kind: 'count', number: 1 })[0]));
    expect(chosen.size).toBe(items.length);
  });
});

describe('a duration', () => {
  it('is read in the format of ISO 8601', () => {
    expect(['PT2M', 'PT1H30M', 'P1DT1S', 'PT90S'].map(durationMs)).toEqual([120_000, 5_400_000, 86_401_000, 90_000]);
    expect(['', 'P', 'PT', 'P1DT', '2M', 'PT2m', 'PT1M1H'].map(durationMs)).toEqual(Array(7).fill(null));
  });
});

describe('a filter path', () => {
  it('leads through objects and lists', () => {
    const attributes = { State: { Name: 'running' }, Tags: [{ Key: 'a' }, { Key: 'b' }] };
    expect(valuesAt(attributes, 'State.Name')).toEqual(['running']);
    expect(valuesAt(attributes, 'Tags.Key')).toEqual(['a', 'b']);
    expect(valuesAt(attributes, 'state.name')).toEqual([]);
  });
});
