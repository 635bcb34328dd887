import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { type Drill, drillSchema } from '../model/drill.ts';
import { invalid } from '../model/errors.ts';
import { problemsIn } from '../model/problems-in.ts';
import type { Runbook } from '../model/runbook.ts';
import { readRunbook } from '../runbook/read-runbook.ts';
import { extension, rootFolder } from '../runtime/processes.ts';
import { defaultExportOf } from './load-module.ts';

const hint = 'docs/ADDING-A-DRILL.md says what a drill holds';

/** The names of all drills: the files of scenarios/. */
export async function drillNames(scenariosFolder: string): Promise<string[]> {
  const entries = await readdir(scenariosFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && extname(entry.name) === extension)
    .map((entry) => basename(entry.name, extension))
    .sort();
}

/**
 * Loads a drill by its name.
 * @throws TenfoldError (invalid) for an unknown name, with the nearest, and for a definition, with all its problems.
 */
export async function loadDrill(scenariosFolder: string, name: string): Promise<Drill> {
  const names = await drillNames(scenariosFolder);
  if (!names.includes(name)) throw invalid(`there is no drill ${name}`, unknownHint(name, names));
  const file = join(scenariosFolder, name + extension);
  const definition = await defaultExportOf(file, `scenarios/${name}${extension}`, hint);
  const parsed = drillSchema.safeParse(definition);
  if (!parsed.success) {
    throw invalid([`scenarios/${name}${extension} is not a drill:`, problemsIn(parsed.error)], hint);
  }
  const { runbook, ...drill } = parsed.data;
  return { name, ...drill, ...(runbook !== undefined && { runbook: await runbookOf(runbook) }) };
}

async function runbookOf(name: string): Promise<Runbook> {
  const file = `docs/runbooks/${name}.md`;
  return await readRunbook(join(rootFolder, file), file);
}

/** Loads all drills there are, by name. @throws as `loadDrill` */
export const loadDrills = async (scenariosFolder: string): Promise<Drill[]> =>
  await Promise.all((await drillNames(scenariosFolder)).map((name) => loadDrill(scenariosFolder, name)));

/** What a mistyped name may have meant, and what there is. */
export function unknownHint(name: string, names: readonly string[]): string {
  const nearest = names.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
  const meant =
    nearest !== undefined && distance(name, nearest) <= Math.max(3, name.length / 2) ? `did you mean ${nearest}? ` : '';
  return `${meant}known: ${names.join(', ')}`;
}
