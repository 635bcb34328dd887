import words from './words.json' with { type: 'json' };

export interface Product {
  id: number;
  /** The article number, which tells one tenant's products from another's. */
  sku: string;
  name: string;
  description: string;
  category: string;
  priceCents: number;
}

export const catalogueSize = 10_000;

/** The catalogue of a tenant, ids 1 to 10,000: the same for the same tenant and words, on any machine. */
export function seedCatalogue(tenant: string): Product[] {
  const random = createRandom(tenant);
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: catalogueSize }, (_, index) => {
    const { category, things, priceCents } = pick(words.categories);
    const thing = pick(things);
    const material = pick(words.materials);
    const name = `${pick(words.qualities)} ${material} ${thing}`;
    const description = `${pick(words.openings)} ${thing} made of ${material}, ${pick(words.purposes)}. ${pick(words.closings)}`;
    return {
      id: index + 1,
      sku: `${tenant}-${index + 1}`,
      name: name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
      description,
      category,
      // Half to twice the usual price of the category, ending in 95.
      priceCents: Math.round((priceCents * (0.5 + 1.5 * random())) / 100) * 100 + 95,
    };
  });
}

/** Numbers in [0, 1), the same for the same text (FNV-1a into mulberry32). */
function createRandom(text: string): () => number {
  let state = 0x811c9dc5;
  for (const letter of text) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
