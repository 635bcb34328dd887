import type { Matrix } from '../../src/model/matrix.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { type KnownCell, makeMatrix } from '../../src/prove/make-matrix.ts';
import { passingRun } from './runs/runs.ts';
import { finding, verdictWith } from './verdicts.ts';

export const wholeRun: Verdict = passingRun().verdict;
const caught = verdictWith([finding('orders.lost', 'fail'), finding('recovery.write', 'pass')]);

const quorum = {
  name: 'quorum-commit',
  owner: 'region',
  what: 'a commit waits for a reader',
  drill: 'aurora-failover',
  finding: 'orders.lost',
};

/** A matrix of one drill and one protection; each run can be replaced or left out. */
export function matrixWith(
  runs: { whole?: Verdict | null; quorum?: Verdict | null } = {},
  frame: Partial<Matrix> = {},
): Matrix {
  const { whole = wholeRun, quorum: without = caught } = runs;
  return makeMatrix(
    {
      id: '20261127-090000-k3f9aa',
      target: 'local',
      profile: 'smoke',
      scope: { drill: null, protections: null },
      command: 'npm run tenfold -- prove',
      status: 'completed',
      stoppedBy: null,
      startedAt: '2026-11-27T09:00:00.000Z',
      finishedAt: '2026-11-27T09:04:00.000Z',
      protections: [quorum],
      ...frame,
    },
    [
      cell({ without: null, finding: null, run: whole && { folder: 'runs/aurora-failover/1', verdict: whole } }),
      cell({
        without: quorum.name,
        finding: quorum.finding,
        run: without && { folder: 'runs/aurora-failover/2', verdict: without },
      }),
    ],
  );
}

const cell = (some: Pick<KnownCell, 'without' | 'finding' | 'run'>): KnownCell => ({
  drill: 'aurora-failover',
  title: 'Aurora fails over',
  fingerprint: `of ${some.without}`,
  earlier: [],
  ...some,
});
