import { invalid } from '../model/errors.ts';
import { problemsIn } from '../model/problems-in.ts';
import { catalogueSchema, type Protection } from '../model/protection.ts';

const hint = 'infra-under-test/protections.json holds {"<owner>": {"<name>": {what, guards: [{drill, finding}]}}}';

/**
 * The protections of a catalogue that was read as data, once for each drill that guards one.
 * @throws TenfoldError (invalid) with all that is wrong with its shape.
 */
export function readCatalogue(json: unknown): Protection[] {
  const parsed = catalogueSchema.safeParse(json);
  if (!parsed.success) {
    throw invalid(['the catalogue of protections is not valid:', problemsIn(parsed.error)], hint);
  }
  return Object.entries(parsed.data).flatMap(([owner, entries]) =>
    Object.entries(entries).flatMap(([name, { what, guards }]) =>
      guards.map((guard) => ({ name, owner, what, ...guard })),
    ),
  );
}

/** The protections that a drill guards. */
export const guardedBy = (protections: readonly Protection[], drill: string): Protection[] =>
  protections.filter((protection) => protection.drill === drill);
