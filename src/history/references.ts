import { join } from 'node:path';
import { z } from 'zod';
import { invalid } from '../model/errors.ts';
import type { Series } from '../model/history.ts';
import { problemsIn } from '../model/problems-in.ts';
import { readIfThere, writeJson } from '../runtime/files.ts';

/** The choice of a person, which no run folder tells: so it is a file of its own, one for each series. */
const referenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  drill: z.string(),
  series: z.string(),
  runIds: z.array(z.string()).min(1),
  setAt: z.iso.datetime({ precision: 3 }),
});
export type StoredReference = z.infer<typeof referenceSchema>;

const fileOf = (reports: string, series: string): string => join(reports, 'baselines', `${series}.json`);

/** @returns where it was written */
export async function writeReference(
  reports: string,
  reference: Omit<StoredReference, 'schemaVersion'>,
): Promise<string> {
  const path = fileOf(reports, reference.series);
  await writeJson(path, { schemaVersion: 1, ...reference } satisfies StoredReference);
  return path;
}

/** The reference of a series; null where nobody has set one. @throws TenfoldError (invalid) when its file holds none. */
export async function readReference(
  reports: string,
  of: Pick<Series, 'drill' | 'series'>,
): Promise<StoredReference | null> {
  const path = fileOf(reports, of.series);
  const text = await readIfThere(path);
  if (text === undefined) return null;
  const hint = `set it again (npm run tenfold -- baseline set ${of.drill}), or remove the file`;
  try {
    const parsed = referenceSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    throw invalid([`${path} does not hold a reference:`, problemsIn(parsed.error)], hint);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid(`${path} is not JSON, or was cut: ${error.message}`, hint);
    throw error;
  }
}
