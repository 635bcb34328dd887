import { scaled } from '../constants.ts';

interface Sample {
  atMs: number;
  cpuMs: number;
}

/**
 * How many cores a pod uses, averaged over a recent window. Its use during start-up, and just after, when its code is
 * still being compiled, does not count.
 */
export class CpuUse {
  #samples: Sample[] = [];
  #countsFromMs: number | null = null;

  /** @param cpuMs CPU time used so far; null, like a pod that is not ready, discards all samples. */
  add(atMs: number, cpuMs: number | null, ready: boolean): void {
    const last = this.#samples.at(-1);
    if (!ready || cpuMs === null || (last && (cpuMs < last.cpuMs || atMs < last.atMs))) this.#forget();
    if (!ready || cpuMs === null) return;
    this.#countsFromMs ??= atMs + scaled.cpuInitialisation.ms;
    if (atMs < this.#countsFromMs) return;
    this.#samples.push({ atMs, cpuMs });
    while ((this.#samples[1]?.atMs ?? atMs) <= atMs - scaled.cpuWindow.ms) this.#samples.shift();
  }

  #forget(): void {
    this.#samples = [];
    this.#countsFromMs = null;
  }

  /** null until it has been watched for half the window. */
  get cores(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < scaled.cpuWindow.ms / 2) return null;
    return (last.cpuMs - first.cpuMs) / (last.atMs - first.atMs);
  }
}
