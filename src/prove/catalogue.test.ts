import { expect, test } from 'vitest';
import { guardedBy, readCatalogue } from './catalogue.ts';

const entry = { what: 'a commit waits for a reader', drill: 'aurora-failover', finding: 'orders.lost' };

test('protections keep their owner and their order', () => {
  const catalogue = readCatalogue({
    shop: { timeouts: { ...entry, drill: 'az-outage' } },
    region: { 'quorum-commit': entry },
  });
  expect(catalogue.map(({ owner, name }) => `${owner} ${name}`)).toEqual(['shop timeouts', 'region quorum-commit']);
  expect(guardedBy(catalogue, 'aurora-failover').map(({ name }) => name)).toEqual(['quorum-commit']);
});

test('all that is wrong with its shape is told together', () => {
  const broken = {
    shop: { timeouts: { what: '', drill: 'az-outage' } },
    region: { 'quorum-commit': { ...entry, guard: 1 } },
  };
  for (const place of ['shop.timeouts.what', 'shop.timeouts.finding', 'quorum-commit']) {
    expect(() => readCatalogue(broken)).toThrow(place);
  }
});
