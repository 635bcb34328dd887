import { expect, test } from 'vitest';
import { at, good, plan } from '../../tests/support/test-drill.ts';
import { judge } from './judge.ts';

const unheard = (...seconds: [number, number][]) =>
  judge({ ...good, unheard: seconds.map(([from, to]) => ({ fromMs: at(from), toMs: at(to) })) }, plan);
const findingIn = ({ findings }: ReturnType<typeof judge>) => findings.find(({ id }) => id === 'control-plane');

test('a control plane that was not heard of is told and not judged: what shoppers saw counts', () => {
  const verdict = unheard([40, 52.5]);
  expect(findingIn(verdict)).toMatchObject({
    outcome: null,
    message: expect.stringMatching(
      /^Nothing was heard of the platform's control plane for 12\.5 s, from 2026-11-27T09:00:40/,
    ),
    evidence: { unheardMs: 12_500, stretches: 1 },
  });
  expect(verdict.outcome).toBe(judge(good, plan).outcome);
});

test('several stretches are told together, and none is no finding', () => {
  expect(findingIn(unheard([40, 42], [50, 51]))?.message).toContain('for 3 s, in 2 stretches: ');
  expect(findingIn(unheard())).toBeUndefined();
});
