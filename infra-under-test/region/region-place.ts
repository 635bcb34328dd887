import { link, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { RegionError } from './errors.ts';
import { makeFolder } from './make-folder.ts';
import { isSupervisor, killLeftovers } from './processes.ts';
import { documentIn, type RegionDocument, readJson, writePrivateJson } from './region-document.ts';

/** Who keeps a region up: written before it starts, removed when it has ended. */
export interface RegionOwner {
  id: string;
  pid: number;
  dir: string;
}

/** A folder in which one region is remembered: its owner, and how to reach it once it is ready. */
export class RegionPlace {
  readonly folder: string;
  readonly #ownerFile: string;

  constructor(folder: string) {
    this.folder = folder;
    this.#ownerFile = join(folder, 'owner.json');
  }

  /** Takes the place. Throws RegionError, exit code 4, when another one is up or starting. */
  async claim(owner: RegionOwner): Promise<void> {
    await this.requireNone();
    const draft = join(this.folder, `${owner.id}.json`);
    try {
      await makeFolder(this.folder);
      await writePrivateJson(draft, owner);
      await link(draft, this.#ownerFile);
    } catch (cause) {
      const { code, syscall, message } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST' && syscall === 'link')
        throw new RegionError('Another platform is being started at this moment. See: npm run platform -- status', 4);
      throw new RegionError(
        `What is known of the platform cannot be kept in ${this.folder}: ${message}. Choose another with --state.`,
        4,
        { cause },
      );
    } finally {
      await rm(draft, { force: true }).catch(() => {});
    }
  }

  /** Throws RegionError, exit code 4, when a platform is up or starting. Clears up after a dead one. */
  async requireNone(): Promise<void> {
    const { living } = await this.find();
    if (!living) return;
    const document = await this.document();
    const where = document ? `The shop is at ${document.edge.url}.` : 'It is still starting.';
    throw new RegionError(
      `A platform is up already (process ${living.pid}). ${where} To end it: npm run platform -- down`,
      4,
    );
  }

  /** The owner of the platform that is up or starting, or null. Clears up what a dead one left. */
  async find(): Promise<{ living: RegionOwner | null; clearedUp: boolean }> {
    const owner = await this.#owner();
    if (!owner) return { living: null, clearedUp: false };
    if (await isSupervisor(owner.pid)) return { living: owner, clearedUp: false };
    await this.clearUp(owner);
    return { living: null, clearedUp: true };
  }

  /** An entry that does not name a region's processes and folder is no owner: those get ended and removed. */
  async #owner(): Promise<RegionOwner | null> {
    const found = await readJson<Partial<RegionOwner>>(this.#ownerFile);
    const isOwner =
      typeof found?.pid === 'number' && /^[0-9a-f]+$/.test(String(found.id)) && isAbsolute(found.dir ?? '');
    return isOwner ? (found as RegionOwner) : null;
  }

  /** Removes what is left of a platform: processes, data, and its entry here. */
  async clearUp(owner: RegionOwner): Promise<void> {
    await killLeftovers(owner);
    await rm(owner.dir, { recursive: true, force: true, maxRetries: 5 });
    await this.release(owner.id);
  }

  /** Forgets a platform, unless another one has taken its place. */
  async release(id: string): Promise<void> {
    const owner = await this.#owner();
    if (owner?.id !== id) return;
    await rm(documentIn(this.folder), { force: true });
    await rm(this.#ownerFile, { force: true });
  }

  /** Publishes how to reach the region that holds the place. */
  async publish(document: RegionDocument): Promise<void> {
    await writePrivateJson(documentIn(this.folder), document);
  }

  /** How to reach the platform; null while there is none that is ready. */
  document(): Promise<RegionDocument | null> {
    return readJson<RegionDocument>(documentIn(this.folder));
  }
}
