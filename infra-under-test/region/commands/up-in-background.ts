import { rm } from 'node:fs/promises';
import { readSwitches } from '../protections.ts';
import { RegionPlace } from '../region-place.ts';
import { startInBackground } from './background.ts';
import { choosePlace } from './place.ts';
import { tell, timedProgress } from './tell.ts';

export interface UpOptions {
  /** undefined: a new folder in the one for temporary files. */
  dir: string | undefined;
  edgePort: number;
  scaledOut: boolean;
  without: string[];
  json: boolean;
  /** Where a user's platform is remembered. */
  state: string;
}

/** Brings up a user's platform in the background, and resolves when it is ready. */
export async function upInBackground({ dir, json, ...options }: UpOptions): Promise<void> {
  readSwitches(options.without);
  await new RegionPlace(options.state).requireNone();
  const place = await choosePlace(dir);
  try {
    tell(await startInBackground({ ...options, ...place }, timedProgress()), json);
  } catch (error) {
    await rm(place.dir, { recursive: true, force: true });
    throw error;
  }
}
