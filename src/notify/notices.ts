import type { Matrix } from '../model/matrix.ts';
import { outcomeOfState } from '../model/matrix.ts';
import { mostItems, type Notice } from '../model/notice.ts';
import type { Plan } from '../model/plan.ts';
import type { Suite } from '../model/suite.ts';
import { type Outcome, outcomes } from '../model/verdict.ts';
import { headline } from '../report/headline.ts';
import { matrixHeadline, platformOf, stateWords } from '../report/matrix/words.ts';
import { worstFirst } from '../report/outcome-words.ts';
import type { ReportInput } from '../report/report-input.ts';
import { suiteHeadline, suiteTitle } from '../report/suite/words.ts';

/** What a notice is about besides what ended: whether to look at the platform, and where the report will be. */
export type Besides = Pick<Notice, 'lookAt' | 'reportUrl' | 'pictureUrl'>;

export function drillNotice(input: ReportInput, besides: Besides): Notice {
  const { verdict, plan } = input;
  return {
    schemaVersion: 1,
    event: 'drill',
    id: verdict.runId,
    title: plan.title,
    target: verdict.target,
    profile: verdict.profile,
    status: verdict.status,
    outcome: verdict.outcome,
    headline: headline(input),
    startedAt: verdict.startedAt,
    finishedAt: verdict.finishedAt,
    command: verdict.command,
    ...itemsOf(worstFirst(verdict.findings)),
    ...besides,
    picture: null,
  };
}

export function suiteNotice(suite: Suite, besides: Besides): Notice {
  const { id, target, profile, outcome, startedAt, finishedAt, command, runs } = suite;
  return {
    schemaVersion: 1,
    event: 'all',
    id,
    title: suiteTitle(suite),
    target,
    profile,
    status: statusOf(suite),
    outcome,
    headline: suiteHeadline(suite),
    startedAt,
    finishedAt,
    command,
    ...itemsOf(worst(runs.map(({ title, outcome, headline }) => ({ title, outcome, message: headline })))),
    ...besides,
    picture: null,
  };
}

export function matrixNotice(matrix: Matrix, besides: Besides): Notice {
  const { id, target, profile, outcome, startedAt, finishedAt, command, cells } = matrix;
  const items = cells.map((cell) => ({
    title: `${cell.drill}, ${platformOf(cell)}`,
    outcome: outcomeOfState[cell.state],
    message: `${stateWords[cell.state]}: ${cell.reason}`,
  }));
  return {
    schemaVersion: 1,
    event: 'prove',
    id,
    title: 'Each drill against the protections that it guards',
    target,
    profile,
    status: statusOf(matrix),
    outcome,
    headline: matrixHeadline(matrix),
    startedAt,
    finishedAt,
    command,
    ...itemsOf(worst(items)),
    ...besides,
    picture: null,
  };
}

/** A drill that did not begin, and says that somebody has to look at the platform. */
export function refusedNotice({ title, target, profile }: Plan, command: string, lookAt: string, atMs: number): Notice {
  const at = new Date(atMs).toISOString();
  return {
    schemaVersion: 1,
    event: 'drill',
    id: null,
    title,
    target,
    profile: profile.name,
    status: 'refused',
    outcome: 'inconclusive',
    headline: 'It did not begin.',
    lookAt,
    startedAt: at,
    finishedAt: at,
    command,
    items: [],
    itemsLeftOut: 0,
    reportUrl: null,
    pictureUrl: null,
    picture: null,
  };
}

/** Several runs that are still running when they are told of have crashed. */
const statusOf = ({ status }: Pick<Suite | Matrix, 'status'>): Notice['status'] =>
  status === 'running' ? 'crashed' : status;

type Item = Notice['items'][number];

const worst = (items: readonly (Item & { outcome: Outcome })[]): Item[] =>
  items.toSorted((a, b) => outcomes.indexOf(b.outcome) - outcomes.indexOf(a.outcome));

const itemsOf = (items: readonly Item[]): Pick<Notice, 'items' | 'itemsLeftOut'> => ({
  items: items.slice(0, mostItems).map(({ title, outcome, message }) => ({ title, outcome, message })),
  itemsLeftOut: Math.max(0, items.length - mostItems),
});
