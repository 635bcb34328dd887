/** Where drills are struck: an attached shop, a pocket region of their own, and one that is kept up. */
import { join } from 'node:path';
import { invalid } from '../../src/model/errors.ts';
import { missing } from '../../src/platform/healthy.ts';
import { localPlatform } from '../../src/platform/local/local-platform.ts';
import { keptRegion, type Region, regionProgram } from '../../src/platform/local/region-file.ts';
import { run } from '../../src/runtime/processes.ts';
import type { Family } from './family.ts';
import type { Where } from './rounds.ts';
import { startShop } from './shop.ts';

export interface Venue extends AsyncDisposable {
  /** Arguments for a drill to run here. */
  args: string[];
  /** What of the platform is not as it was before. */
  changed(): Promise<string[]>;
  /** How long it may take to become healthy again by itself. */
  patienceMs: number;
  /** Takes away the platform's API in mid-drill. Returns how to bring it back. */
  loseApi(family: Family): Promise<() => Promise<void>>;
  /** Mends by hand, so that leftovers of one drill are not found after the next one. */
  mend(): Promise<void>;
}

/** @param folder for what it needs. @throws when it cannot be had. */
export async function openVenue(where: Where, folder: string): Promise<Venue> {
  if (where === 'attached') return await attached(folder);
  if ((await keptRegion()) !== undefined) throw invalid('a pocket region is up already', 'npm run platform -- down');
  return where === 'own-region' ? ownRegion() : await keptUp();
}

/** For processes that end by themselves: ten seconds are enough. */
const patienceMs = 10_000;

async function attached(folder: string): Promise<Venue> {
  const shop = await startShop(join(folder, 'shop'));
  return {
    args: ['--config', shop.config],
    patienceMs,
    changed: async () => (shop.isBroken() ? ['the shop is still broken'] : []),
    async loseApi() {
      await shop.close();
      return shop.open;
    },
    mend: shop.mend,
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  };
}

/** The least traffic that may be requested. */
const regionArgs = ['--scale', '1:60'];

/** All of it must go: its processes and its folder count as leftovers of the drill. */
function ownRegion(): Venue {
  return {
    args: regionArgs,
    patienceMs,
    changed: async () => [],
    loseApi: async (family) => {
      const pid = family.find(/region\/main\.ts up /);
      if (pid === undefined) throw new Error('the drill has no region');
      return freeze(pid);
    },
    mend: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

async function keptUp(): Promise<Venue> {
  await platform('up', '--scaled-out');
  const region = await theRegion();
  return {
    args: regionArgs,
    // A database instance may have to be copied again.
    patienceMs: 90_000,
    changed: async () =>
      await missing(localPlatform(region, { kept: true, end: async () => {} })).catch((error: Error) => [
        `the region does not tell how it is: ${error.message}`,
      ]),
    loseApi: async () => freeze(region.pid),
    mend: async () => {},
    [Symbol.asyncDispose]: async () => void (await platform('down')),
  };
}

async function theRegion(): Promise<Region> {
  const region = await keptRegion();
  if (region === undefined) throw new Error('the pocket region did not stay up');
  return region;
}

async function platform(...args: string[]): Promise<void> {
  const { ok, stderr, message } = await run(process.execPath, [regionProgram, ...args], { timeoutMs: 120_000 });
  if (!ok) throw new Error(`platform ${args.join(' ')}: ${message}\n${stderr}`);
}

/** A frozen process accepts connections, but does not answer. */
function freeze(pid: number): () => Promise<void> {
  const tell = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal);
    } catch {
      // It has gone with the drill.
    }
  };
  tell('SIGSTOP');
  return async () => tell('SIGCONT');
}
