import { expect, test } from 'vitest';
import { z } from 'zod';
import { problemsIn } from './problems-in.ts';

const schema = z.strictObject({
  drills: z.record(z.string().regex(/^[a-z]+$/, 'must be small letters'), z.number()).default({}),
  when: z
    .union([z.strictObject({ from: z.iso.date() }), z.strictObject({ days: z.array(z.string()), hours: z.string() })])
    .optional(),
});
const problemsOf = (value: unknown): string => problemsIn(schema.safeParse(value).error as z.ZodError);

test('a name that may not be is told with what it has to be', () => {
  expect(problemsOf({ drills: { A: 1 } })).toBe('✖ must be small letters\n  → at drills.A');
});

test('what is none of several shapes is told by the nearest of them', () => {
  expect(problemsOf({ when: { from: 'monday' } })).toBe('✖ Invalid ISO date\n  → at when.from');
  expect(problemsOf({ when: { days: [7], hours: '9' } })).toContain('→ at when.days[0]');
});

test('all problems are told, each with its place', () => {
  expect(problemsOf({ drills: { a: 'x' }, when: {}, typo: 1 })).toMatch(
    /typo[\s\S]*→ at drills\.a[\s\S]*→ at when\.from/,
  );
});
