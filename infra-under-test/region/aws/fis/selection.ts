/** How many of the found resources an action acts on. */
export type Selection = { kind: 'all' } | { kind: 'count' | 'percent'; number: number };

/** Reads `ALL`, `COUNT(n)` or `PERCENT(n)`; null when it is none of them. */
export function readSelection(text: string): Selection | null {
  if (text === 'ALL') return { kind: 'all' };
  const [, kind, digits] = /^(COUNT|PERCENT)\(([1-9]\d{0,4})\)$/.exec(text) ?? [];
  const number = Number(digits);
  if (kind === 'COUNT') return { kind: 'count', number };
  return kind === 'PERCENT' && number <= 100 ? { kind: 'percent', number } : null;
}

/** A random choice; a percentage is rounded down. */
export function select<T>(items: readonly T[], selection: Selection): T[] {
  if (selection.kind === 'all') return [...items];
  const wanted = selection.kind === 'count' ? selection.number : Math.floor((items.length * selection.number) / 100);
  return shuffled(items).slice(0, wanted);
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
