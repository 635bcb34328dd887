import type { Verdict } from '../model/verdict.ts';
import { notMeasured } from './format.ts';

/** A value of verdict.json as a person reads it, with where it stands there (e.g. recovery.0.actualMs). */
export interface Measured {
  path: string;
  raw: number | string | null;
  text: string;
}

/**
 * Reads a value of the verdict by its path. Throws when nothing stands there: a report never makes a number up.
 * @param missing the words for a null.
 */
export function measured(
  verdict: Verdict,
  path: string,
  format: (value: number) => string,
  missing = notMeasured,
): Measured {
  const raw = valueAt(verdict, path);
  if (raw === null) return { path, raw, text: missing };
  if (typeof raw === 'number') return { path, raw, text: format(raw) };
  if (typeof raw === 'string') return { path, raw, text: raw };
  throw new Error(`verdict.json has no number at ${path}`);
}

/** The same for an instant or any other text. */
export function measuredText(verdict: Verdict, path: string, format = (text: string): string => text): Measured {
  const value = measured(verdict, path, String);
  return typeof value.raw === 'string' ? { ...value, text: format(value.raw) } : value;
}

export function valueAt(root: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
}
