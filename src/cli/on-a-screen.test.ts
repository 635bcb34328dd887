import { expect, test } from 'vitest';
import { onAScreen } from './on-a-screen.ts';

test('what fits on a screen is left as it is', () => {
  expect(onAScreen('✖ größe:\n\t→ at paths\n')).toBe('✖ größe:\n\t→ at paths\n');
});

test('what moves the cursor is shown instead', () => {
  expect(onAScreen('a\u001b[2Jb\rc\u007fd\u009b')).toBe('a\\u001b[2Jb\\u000dc\\u007fd\\u009b');
});

test('of many lines the first are shown, and how many follow', () => {
  const shown = onAScreen(Array.from({ length: 5_000 }, (_, index) => `line ${index}`).join('\n')).split('\n');
  expect(shown).toHaveLength(31);
  expect(shown.at(-1)).toBe('... and 4970 more lines');
});

test('a long line keeps its beginning and its end, and long lines are fewer', () => {
  expect(onAScreen(`a${'x'.repeat(100_000)}z`)).toMatch(/^ax{499} \[\.\.\.\] x{249}z$/);
  expect(onAScreen(Array(20).fill('y'.repeat(1_000)).join('\n')).length).toBeLessThan(3_100);
});
