/** Keeps things, by name, in a state while at least one action wants it: actions of several experiments may overlap. */
export class Holds {
  readonly #holders = new Map<string, number>();
  readonly #begin: (name: string) => Promise<void>;
  readonly #end: (name: string) => Promise<void>;

  constructor(begin: (name: string) => Promise<void>, end: (name: string) => Promise<void>) {
    this.#begin = begin;
    this.#end = end;
  }

  async hold(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => (this.#change(name, 1) === 1 ? this.#begin(name) : undefined)));
  }

  async release(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => (this.#change(name, -1) === 0 ? this.#end(name) : undefined)));
  }

  #change(name: string, by: 1 | -1): number {
    const holders = (this.#holders.get(name) ?? 0) + by;
    this.#holders.set(name, holders);
    return holders;
  }
}
