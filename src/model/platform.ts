import type { Facets, Shop } from './facets.ts';

/** A platform that is up: a shop and its known facets. Disposing of it tears down what standing it up created, and no more. */
export interface Platform extends Partial<Facets>, AsyncDisposable {
  /** It was up before and stays up: it must be healthy before and after a drill. */
  kept: boolean;
  /** PID of the process on this machine that all of it descends from; null where it runs elsewhere, or that is unknown. */
  pid: number | null;
  shop: Shop;
  versions: Record<string, string>;
  scale: string;
  fidelity: string[];
}
