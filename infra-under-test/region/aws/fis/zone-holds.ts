/** Keeps zones in a state while at least one action wants it: actions of several experiments may overlap. */
export class ZoneHolds {
  readonly #holders = new Map<string, number>();
  readonly #begin: (zone: string) => Promise<void>;
  readonly #end: (zone: string) => Promise<void>;

  constructor(begin: (zone: string) => Promise<void>, end: (zone: string) => Promise<void>) {
    this.#begin = begin;
    this.#end = end;
  }

  async hold(zones: readonly string[]): Promise<void> {
    await Promise.all(zones.map((zone) => (this.#change(zone, 1) === 1 ? this.#begin(zone) : undefined)));
  }

  async release(zones: readonly string[]): Promise<void> {
    await Promise.all(zones.map((zone) => (this.#change(zone, -1) === 0 ? this.#end(zone) : undefined)));
  }

  #change(zone: string, by: 1 | -1): number {
    const holders = (this.#holders.get(zone) ?? 0) + by;
    this.#holders.set(zone, holders);
    return holders;
  }
}
