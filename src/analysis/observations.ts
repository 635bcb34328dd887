import { join } from 'node:path';
import { evidenceFiles, type Observation, observationSchema } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { readIfThere } from '../runtime/files.ts';

export type ObservationOf<K extends Observation['kind']> = Extract<Observation, { kind: K }>;

/** The stream of observations, in the order they were written; lines that cannot be read are told as one problem. */
export async function readObservations(folder: string, problems: Facts['problems']): Promise<Observation[]> {
  const file = evidenceFiles.observations;
  const text = await readIfThere(join(folder, file));
  if (text === undefined) {
    problems.push({ about: 'evidence', message: `${file} is missing` });
    return [];
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const read = lines.map(parseLine);
  const broken = read.filter((observation) => observation === null).length;
  if (broken > 0)
    problems.push({
      about: 'evidence',
      message: `${file} has broken lines: ${broken} of ${lines.length} could not be read`,
    });
  return read.filter((observation) => observation !== null);
}

function parseLine(line: string): Observation | null {
  try {
    return observationSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

export const ofKind = <K extends Observation['kind']>(observations: Observation[], kind: K): ObservationOf<K>[] =>
  observations.filter((observation): observation is ObservationOf<K> => observation.kind === kind);

/** The first instant of a mark; null when it was never made. */
export const markAt = (observations: Observation[], mark: ObservationOf<'mark'>['mark']): number | null =>
  ofKind(observations, 'mark').find((one) => one.mark === mark)?.atMs ?? null;
