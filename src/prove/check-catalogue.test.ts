import { expect, test } from 'vitest';
import { planOf } from '../../tests/support/runs/plan.ts';
import type { Protection } from '../model/protection.ts';
import { type CatalogueContext, catalogueProblems } from './check-catalogue.ts';

const quorum: Protection = {
  name: 'quorum-commit',
  owner: 'region',
  what: 'a commit waits for a reader',
  drill: 'aurora-failover',
  finding: 'orders.lost',
};
const context: CatalogueContext = {
  target: 'local',
  switches: ['quorum-commit'],
  drillNames: ['aurora-failover', 'node-loss'],
  plans: [planOf()],
  findingsOf: ({ drill }) => (drill === 'aurora-failover' ? ['orders.lost', 'latency.api.peak'] : []),
};

test('a catalogue whose entries all exist has no problems', () => {
  expect(catalogueProblems([quorum], context)).toEqual([]);
});

test('every problem is told, with the way out where there is one', () => {
  const problems = catalogueProblems(
    [
      { ...quorum, finding: 'orders.lots' },
      { ...quorum, name: 'timeouts', drill: 'az-outage' },
      { ...quorum, name: 'timeouts', owner: 'shop' },
    ],
    { ...context, switches: ['quorum-commit', 'zone-spread', 'timeouts'] },
  );
  expect(problems).toEqual([
    expect.stringMatching(
      /^quorum-commit is guarded by orders.lots, which aurora-failover does not judge.*orders\.lost/,
    ),
    'timeouts is guarded by the drill az-outage, which does not exist; known: aurora-failover, node-loss',
    expect.stringMatching('timeouts is in the catalogue twice: by two owners'),
    'zone-spread is a protection of local that no catalogue entry guards',
  ]);
});

test('a protection that the target cannot take away cannot be proven', () => {
  expect(catalogueProblems([quorum], { ...context, switches: [] })).toEqual([
    'quorum-commit is in the catalogue, but local cannot switch it off',
  ]);
});

test('what a run of the plan has no finding of guards nothing', () => {
  const guard = (phase: string) => catalogueProblems([{ ...quorum, finding: `latency.api.${phase}` }], context);
  expect(guard('peak')).toEqual([]);
  expect(guard('fault')).toEqual([expect.stringContaining('does not judge at profile laptop')]);
});

test('a drill that does not run now is not asked for its findings', () => {
  expect(catalogueProblems([{ ...quorum, drill: 'node-loss', finding: 'recovery.nodes' }], context)).toEqual([]);
});

test('several drills may guard one protection, each by one finding', () => {
  const other = { ...quorum, drill: 'node-loss', finding: 'recovery.nodes' };
  expect(catalogueProblems([quorum, other], context)).toEqual([]);
  expect(catalogueProblems([quorum, quorum], context)).toEqual([expect.stringMatching('twice with aurora-failover')]);
});
