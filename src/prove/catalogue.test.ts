import { expect, test } from 'vitest';
import { guardedBy, readCatalogue } from './catalogue.ts';

const guard = { drill: 'aurora-failover', finding: 'orders.lost' };
const entry = { what: 'a commit waits for a reader', guards: [guard] };

test('protections keep their owner and their order', () => {
  const catalogue = readCatalogue({
    shop: { timeouts: { ...entry, guards: [{ ...guard, drill: 'az-outage' }, guard] } },
    region: { 'quorum-commit': entry },
  });
  expect(catalogue.map(({ owner, name, drill }) => `${owner} ${name} ${drill}`)).toEqual([
    'shop timeouts az-outage',
    'shop timeouts aurora-failover',
    'region quorum-commit aurora-failover',
  ]);
  expect(guardedBy(catalogue, 'aurora-failover').map(({ name }) => name)).toEqual(['timeouts', 'quorum-commit']);
});

test('all that is wrong with its shape is told together', () => {
  const broken = {
    shop: { timeouts: { what: '', guards: [{ drill: 'az-outage' }] } },
    region: { 'quorum-commit': { ...entry, guard: 1 } },
  };
  for (const place of ['shop.timeouts.what', 'shop.timeouts.guards[0].finding', 'quorum-commit']) {
    expect(() => readCatalogue(broken)).toThrow(place);
  }
});
