/** What keeps the shop alive when something breaks; each can be switched off by its name in WITHOUT. */
export const protections = {
  'evict-read-only-connections': 'a connection to a demoted writer is closed and the name resolved again',
  timeouts: 'waiting for a connection or for an answer of the database is bounded',
  'idempotent-orders': 'the same idempotency key gives the same one order (migrate.ts reads this one)',
  'retry-budget': 'few retries, with jitter, under a deadline; an address that failed rests',
  'reads-from-readers': 'the catalogue is read from the readers, not from the writer',
  'stale-catalogue': 'the last known catalogue is served while the database is away',
  'load-shedding': 'requests above what the pod can do are refused at once with 503 and Retry-After',
  'readiness-gate': 'a pod is ready only after it opened its pools and warmed itself up',
} as const;
export type Protection = keyof typeof protections;

/** The protections left when those of a comma-separated list are switched off. Throws on an unknown name. */
export function protectionsWithout(list: string): Set<Protection> {
  const off = list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = off.filter((name) => !(name in protections));
  if (unknown.length > 0) {
    throw new Error(
      `WITHOUT names no protection of the shop: ${unknown.join(', ')}. Known: ${Object.keys(protections).join(', ')}.`,
    );
  }
  return new Set(Object.keys(protections).filter((name): name is Protection => !off.includes(name)));
}
