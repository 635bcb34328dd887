import { rm } from 'node:fs/promises';
import { Lifetime } from './lifetime.ts';
import { killLeftovers } from './processes.ts';
import { type RegionOptions, startRegion } from './region.ts';
import type { RegionDocument } from './region-document.ts';
import { RegionPlace } from './region-place.ts';
import type { StopRequests } from './stop-requests.ts';

export interface SuperviseOptions extends RegionOptions {
  /** A folder besides `dir` in which the region is remembered. */
  rememberIn: string | null;
  /** The region is up. */
  ready: (document: RegionDocument) => void;
  requests: StopRequests;
}

/**
 * Keeps a region up until it is asked to stop, and tears it down; asked twice, it kills everything at once.
 * Throws RegionError when it does not start, with everything torn down.
 */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { id, dir, rememberIn, requests } = options;
  const places = [dir, ...(rememberIn ? [rememberIn] : [])].map((folder) => new RegionPlace(folder));
  for (const place of places) await place.claim({ id, dir, pid: process.pid });
  const lifetime = new Lifetime({ id, dir });
  const stopped = requests.stopped.then(() => lifetime.end());
  void requests.killed.then(() => killEverything(options, places));

  try {
    const document = await startRegion(options, lifetime);
    for (const place of places) await place.publish(document);
    options.ready(document);
    await stopped;
  } catch (error) {
    if (!requests.isStopped) throw error;
  } finally {
    await lifetime.end();
    for (const place of places) await place.release(id);
  }
}

async function killEverything({ id, dir }: SuperviseOptions, places: RegionPlace[]): Promise<never> {
  await killLeftovers({ id, dir });
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  for (const place of places) await place.release(id);
  process.exit(0);
}
