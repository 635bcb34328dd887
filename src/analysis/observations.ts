import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { evidenceFiles, type Observation, observationSchema } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { isFile } from '../runtime/files.ts';

export type ObservationOf<K extends Observation['kind']> = Extract<Observation, { kind: K }>;

/** The stream of observations, in order of time; lines that cannot be read are reported as one problem. */
export async function readObservations(folder: string, problems: Facts['problems']): Promise<Observation[]> {
  const file = evidenceFiles.observations;
  const path = join(folder, file);
  if (!isFile(path)) {
    problems.push({ about: 'evidence', message: `${file} is missing` });
    return [];
  }
  const observations: Observation[] = [];
  let [all, broken] = [0, 0];
  for await (const line of linesOf(path)) {
    if (line?.trim() === '') continue;
    all += 1;
    const observation = line === null ? null : parseLine(line);
    if (observation === null) broken += 1;
    else observations.push(observation);
  }
  if (broken > 0)
    problems.push({
      about: 'evidence',
      message: `${file} has broken lines: ${broken} of ${all} could not be read`,
    });
  // Each says when it was: the order of the lines adds nothing.
  return observations.sort((a, b) => a.atMs - b.atMs);
}

/** The longest observation is a look at the platform's pods: a few hundred bytes per pod. */
const maxLineLength = 1_000_000;

/** A file's lines, never the whole of it in memory; null for a line that is too long to be an observation. */
async function* linesOf(path: string): AsyncGenerator<string | null> {
  let rest = '';
  let isTooLong = false;
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield isTooLong ? null : line;
      isTooLong = false;
    }
    if (rest.length <= maxLineLength) continue;
    isTooLong = true;
    rest = '';
  }
  yield isTooLong ? null : rest;
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
