import { expect, test } from 'vitest';
import { cellsOf, nameOf } from './cells.ts';

const protection = (name: string, drill: string) => ({
  name,
  owner: 'shop',
  what: name,
  drill,
  finding: 'orders.lost',
});

test('each drill runs on the whole platform first, then without each protection that it guards', () => {
  const protections = [protection('timeouts', 'az-outage'), protection('quorum-commit', 'aurora-failover')];
  const cells = cellsOf(['aurora-failover', 'az-outage', 'black-friday'], protections);
  expect(cells.map(nameOf)).toEqual([
    'aurora-failover on the whole platform',
    'aurora-failover without quorum-commit',
    'az-outage on the whole platform',
    'az-outage without timeouts',
    'black-friday on the whole platform',
  ]);
});
