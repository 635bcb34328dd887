import { expect, test } from 'vitest';
import { readRisks } from './read-risks.ts';

const read = (text: string) => readRisks(text, { path: 'risks.yaml', today: '2026-11-01', drills: ['az-outage'] });

test('risks, freezes and the error budget that is left', () => {
  const risks = read(`
risks:
  - id: R1
    title: One zone has no spare nodes
    owner: ann@shop.example
    covers: [az-outage]
    waiver: { by: bo@shop.example, reason: a second node group comes in January }
    until: 2026-12-31
freezes:
  - { from: 2026-11-20, to: 2026-11-30, what: peak week }
errorBudget: { left: 0.62, asOf: 2026-10-31, source: the dashboard of the shop }
`);
  expect(risks.risks[0]).toMatchObject({ id: 'R1', until: '2026-12-31', covers: ['az-outage'] });
  expect(risks.errorBudget?.left).toBe(0.62);
});

test('an empty file says that nothing is known', () => {
  expect(read('')).toEqual({ risks: [], freezes: [] });
});

test('all problems are told together', () => {
  const text = `
risks:
  - { id: R1, title: a, owner: ann, until: 2026-10-31, covers: [no-drill, az-outage:orders.lost] }
  - { id: R1, title: b, owner: ann, until: 2026-12-01 }
freezes: [{ from: 2026-11-30, to: 2026-11-20, what: peak week }]
`;
  expect(() => read(text)).toThrow(
    [
      'risks.yaml: risk R1 ended on 2026-10-31: renew it, or take it out',
      'risks.yaml: risk R1 covers no-drill, which is no drill',
      'risks.yaml: there are two risks R1',
      'risks.yaml: the freeze "peak week" ends on 2026-11-20, before it begins on 2026-11-30',
    ].join('\n'),
  );
});

test.each([
  ['without an owner', 'risks: [{ id: R1, title: a, until: 2026-12-01 }]', /owner/],
  ['with an owner without a name', 'risks: [{ id: R1, title: a, owner: " ", until: 2026-12-01 }]', /owner/],
  ['with no day', 'risks: [{ id: R1, title: a, owner: ann, until: soon }]', /until/],
  ['that is no YAML', 'risks: [', /risks\.yaml: /],
  ['with a word that nobody knows', 'risk: []', /risk/],
])('a risk %s is refused', (_, text, problem) => {
  expect(() => read(text)).toThrow(problem);
});
