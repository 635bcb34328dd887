import { z } from 'zod';

/** All that is wrong with what was given, for people: each with its place, one after the other. */
export const problemsIn = (error: z.ZodError): string =>
  z.prettifyError(new z.ZodError(error.issues.flatMap(spelledOut)));

/** zod says of a name that may not be, and of what is none of several shapes, only that it is so. The nearest shape says why. */
function spelledOut(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const within = (inner: z.core.$ZodIssue): z.core.$ZodIssue => ({ ...inner, path: [...issue.path, ...inner.path] });
  if (issue.code === 'invalid_key') return issue.issues.map(within);
  if (issue.code !== 'invalid_union') return [issue];
  const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
  return nearest === undefined ? [issue] : nearest.flatMap(spelledOut).map(within);
}
