import { z } from 'zod';

/** All that is wrong with the input, for people: each problem with its place, one after the other. */
export const problemsIn = (error: z.ZodError): string =>
  z.prettifyError(new z.ZodError(error.issues.flatMap(spelledOut)));

/** For a forbidden name, and for a value that fits none of several shapes, zod says only that. The nearest shape says why. */
function spelledOut(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const within = (inner: z.core.$ZodIssue): z.core.$ZodIssue => ({ ...inner, path: [...issue.path, ...inner.path] });
  if (issue.code === 'invalid_key') return issue.issues.map(within);
  if (issue.code !== 'invalid_union') return [issue];
  const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
  return nearest === undefined ? [issue] : nearest.flatMap(spelledOut).map(within);
}
