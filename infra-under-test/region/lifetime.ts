import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { RegionError } from './errors.ts';
import { killLeftovers, type RegionMark } from './processes.ts';

const gracefulMs = 1_800;
const killIntervalMs = 100;

/** Knows all parts of a region that are up or starting, and ends them in whatever state they are. */
export class Lifetime {
  readonly #region: RegionMark;
  readonly #starting: Promise<unknown>[] = [];
  #enders: (() => Promise<unknown>)[] = [];
  #ending: Promise<void> | undefined;

  constructor(region: RegionMark) {
    this.#region = region;
  }

  get isEnding(): boolean {
    return this.#ending !== undefined;
  }

  throwIfEnding(): void {
    if (this.isEnding) throw new RegionError('The region was stopped while it started.');
  }

  /** Waits for a part to start, and remembers how to end it. Throws when the region is ended in the meantime. */
  async starts<T>(part: Promise<T>, end: (part: T) => unknown): Promise<T> {
    this.#starting.push(part);
    const started = await part;
    this.#enders.push(async () => end(started));
    this.throwIfEnding();
    return started;
  }

  /** Ends everything, removes the data, and resolves when nothing is left. Safe at any time and more than once. */
  end(): Promise<void> {
    this.#ending ??= this.#endAll();
    return this.#ending;
  }

  async #endAll(): Promise<void> {
    const graceful = this.#endWhatIsUp();
    await Promise.race([graceful, sleep(gracefulMs)]);
    await this.#killUntilNothingStarts();
    await Promise.all([graceful, this.#endWhatIsUp()]);
    await rm(this.#region.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  async #endWhatIsUp(): Promise<void> {
    const enders = this.#enders;
    this.#enders = [];
    await Promise.allSettled(enders.map((end) => end()));
  }

  /** Frozen processes do not stop, and starting parts have no handle yet: they are killed until none is starting. */
  async #killUntilNothingStarts(): Promise<void> {
    let settled = false;
    const all = Promise.allSettled(this.#starting).then(() => {
      settled = true;
    });
    do {
      await killLeftovers(this.#region);
      await Promise.race([all, sleep(killIntervalMs)]);
    } while (!settled);
    await killLeftovers(this.#region);
  }
}
