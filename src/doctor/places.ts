import { tmpdir } from 'node:os';
import { cacheFolder } from '../load/find-k6.ts';
import { stateFolder } from '../safety/state.ts';
import type { Context } from './check.ts';
import { wouldBuildK6 } from './k6.ts';

/** A folder that drills write to. */
export interface Place {
  what: 'reports' | 'temporary files' | 'journals and locks' | 'the k6 build';
  folder: string;
  /** How to choose another one. */
  wayOut: string;
}

export async function placesOf(context: Pick<Context, 'reportsFolder' | 'k6'>): Promise<Place[]> {
  return [
    { what: 'reports', folder: context.reportsFolder, wayOut: '--reports FOLDER' },
    { what: 'temporary files', folder: tmpdir(), wayOut: 'TMPDIR' },
    { what: 'journals and locks', folder: stateFolder(), wayOut: 'XDG_STATE_HOME' },
    ...((await wouldBuildK6(context))
      ? [{ what: 'the k6 build', folder: cacheFolder(), wayOut: 'XDG_CACHE_HOME' } as const]
      : []),
  ];
}
