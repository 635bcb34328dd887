import catalogue from '../protections.json' with { type: 'json' };

/** What keeps the shop alive when something breaks; each can be switched off by its name in WITHOUT. */
export const protections = catalogue.shop;
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
