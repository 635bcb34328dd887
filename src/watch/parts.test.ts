import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { judgeStored } from '../drill/judge-run.ts';
import { rootFolder } from '../runtime/processes.ts';
import type { Replay } from './events.ts';
import { chartSvg, timeText } from './page/chart.ts';
import { panelsOf } from './page/panels.ts';
import {
  alertsPart,
  coursePart,
  faultPart,
  figuresPart,
  nowPart,
  toldPart,
  verdictPart,
  wholeView,
  zonesPart,
} from './page/parts.ts';
import { runbookPart } from './page/runbook.ts';
import { emptyState, type State, servingOf, take } from './page/state.ts';
import { replayOf } from './replay.ts';

let replay: Replay;
beforeAll(async () => {
  const folder = join(rootFolder, 'fixtures', 'runs', 'spot-eviction-brief');
  replay = await replayOf(join(folder, 'evidence'), await judgeStored(folder), 'again');
});

const stateAt = (atMs: number): State => replay.events.filter((event) => event.atMs <= atMs).reduce(take, emptyState());

/** The page as a whole, as text. */
function pageAt(state: State, atMs: number, lengthMs: number): string {
  const view = lengthMs === 0 ? wholeView(state) : { fromMs: atMs - lengthMs / 2, toMs: atMs + lengthMs / 2 };
  const parts = [
    nowPart(state, atMs),
    figuresPart(state),
    coursePart(state, atMs),
    faultPart(state),
    alertsPart(state),
    runbookPart(state, atMs, { canTick: true }),
    zonesPart(state),
    toldPart(state),
    verdictPart(state),
    chartSvg(state, { ...view, cursorMs: atMs }, 390, replay.fine),
  ];
  return parts.map(({ html }) => html).join('\n');
}

const nonsense = /NaN|undefined|Infinity|\[object|null/;

test('the page makes sense at every instant and every zoom, also of nothing', () => {
  const [first, last] = [replay.events[0]?.atMs ?? 0, replay.events.at(-1)?.atMs ?? 0];
  expect(pageAt(emptyState(), 0, 0)).not.toMatch(nonsense);
  for (let atMs = first - 1_000; atMs <= last + 1_000; atMs += 1_700)
    for (const lengthMs of [0, 60_000, 10_000, 1_000]) {
      const page = pageAt(stateAt(atMs), atMs, lengthMs);
      expect(nonsense.exec(page)?.input.slice(0, 2_000) ?? 'sense').toBe('sense');
    }
});

test('a second holds its calls, in stretches of it', () => {
  const { fine } = replay;
  const busiest = fine.paths[0]?.calls.indexOf(Math.max(...(fine.paths[0]?.calls ?? []))) ?? 0;
  const fromMs = fine.fromMs + busiest * fine.binMs;
  const view = { fromMs, toMs: fromMs + 1_000, cursorMs: null };
  const [rate] = panelsOf(stateAt(Infinity), view, fine);
  const sent = rate?.lines[0]?.points.filter(({ atMs }) => atMs >= view.fromMs && atMs < view.toMs) ?? [];
  expect(sent).toHaveLength(1_000 / fine.binMs);
  const bins = sent.map((_, index) => busiest + index);
  const calls = bins.reduce((sum, bin) => sum + fine.paths.reduce((all, path) => all + (path.calls[bin] ?? 0), 0), 0);
  expect(sent.reduce((sum, { value }) => sum + (value ?? 0), 0) * (fine.binMs / 1_000)).toBeCloseTo(calls, 6);
});

test('an axis that evidence makes years long still has few ticks', () => {
  const state = { ...stateAt(Infinity), atMs: 8e15 };
  const { html } = chartSvg(state, { fromMs: 0, toMs: 8e15, cursorMs: null }, 1_280, null);
  expect(html.length).toBeLessThan(60_000);
});

test.each([
  [0, '0 s'],
  [1_500, '1.5 s'],
  [-2_000, '−2 s'],
  [61_000, '1:01'],
  [59_999, '1:00'],
])('a time of %d ms is told as %s', (ms, text) => expect(timeText(ms)).toBe(text));

test('a replica that is gone does not count, and one that came is there by what the platform says', () => {
  const pod = (name: string, ready: boolean) => ({ name, node: 'n', zone: 'z1', ready });
  const told = { podsReady: 2, podsWanted: 3, nodesReady: 1, nodesWanted: 1 };
  const events = [
    {
      kind: 'replicas' as const,
      atMs: 1,
      replicas: ['a', 'b'].map((name) => ({ lane: `replica-${name}`, replica: name, zone: 'z1' })),
    },
    { kind: 'lanes' as const, atMs: 2, states: { 'replica-a': 'served' as const, 'replica-b': 'failing' as const } },
  ];
  const before = events.reduce(take, emptyState());
  expect(servingOf(before)).toEqual({ served: 1, all: 2 });
  const pods = [pod('a', true), pod('c', true), pod('d', false)];
  const after = take(before, { kind: 'capacity', atMs: 3, ...told, pods });
  expect(servingOf(after)).toEqual({ served: 1, all: 1 });
  const words = zonesPart(after)
    .html.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
  expect(words).toMatch(/a serves.*b gone.*c ready.*d not ready/);
});
