import type { EventOf } from '../events.ts';
import type { State } from './state.ts';

/** A part of the drill, as those who follow it see it. */
export interface Item {
  what: string;
  /** What to do or to look at meanwhile. */
  look: string;
  state: 'done' | 'now' | 'failed' | 'to come' | 'left out';
  /** When it began, or is due; null while that is open. */
  atMs: number | null;
}

const doneOr = (atMs: number | undefined, dueMs: number | null): Pick<Item, 'state' | 'atMs'> =>
  atMs === undefined ? { state: 'to come', atMs: dueMs } : { state: 'done', atMs };

/** When the load began, as far as its marks tell. */
export function loadStartOf({ marks, frame }: State): number | null {
  const atMs = marks.get('baseline-start');
  return atMs === undefined || !frame ? null : atMs - frame.schedule.settlingMs;
}

export const faultAt = ({ faults }: State, state: EventOf<'fault'>['state']): number | undefined =>
  faults.find((fault) => fault.state === state)?.atMs;

/** When the fault is due; null while it is unknown. */
function faultDueMs(state: State): number | null {
  const startMs = loadStartOf(state);
  if (startMs === null || !state.frame) return null;
  const { faultDueAfterMs, heldOnMs } = state.frame.schedule;
  return startMs + faultDueAfterMs + state.heldOn.peak * heldOnMs.peak;
}

/** When the load ends as it looks now: after the fault it counts from the injection. */
export function loadEndMs(state: State): number | null {
  const { frame, heldOn, marks } = state;
  const ended = marks.get('load-end');
  if (ended !== undefined) return ended;
  const startMs = loadStartOf(state);
  const dueMs = faultDueMs(state);
  if (startMs === null || dueMs === null || !frame) return null;
  const { afterFaultMs, heldOnMs, loadMs } = frame.schedule;
  if (!frame.fault) return startMs + loadMs;
  return (faultAt(state, 'injected') ?? dueMs) + afterFaultMs + heldOn.recovered * heldOnMs.recovered;
}

/** The whole drill, from its start to its verdict: what is over, what is on, what comes next and when. */
export function courseOf(state: State): Item[] {
  const { frame, marks } = state;
  if (!frame) return [];
  const items = [
    stepItem(
      state,
      'stand up the platform',
      'The platform comes up',
      'Open the dashboards that you would open on the day.',
    ),
    stepItem(state, 'steady state', 'Steady state', 'All is well, without load: remember how that looks.'),
    ...frame.schedule.marks.slice(0, 3).map(({ mark, afterMs }) => markItem(state, mark, afterMs)),
    provenItem(state),
    ...(frame.fault ? faultItems(state) : backItems(state)),
    {
      what: 'The load ends',
      look: 'Is everything as it was before?',
      ...doneOr(marks.get('load-end'), loadEndMs(state)),
    },
    ...(frame.fault ? [undoItem(state)] : []),
    stepItem(
      state,
      'collect',
      'Orders and the platform’s account are read',
      'Compare what you saw with what the verdict says.',
    ),
    verdictItem(state),
  ];
  return withNow(items, state);
}

/** The last that has begun is what is on. What was passed over, or never began before a run ended early, is left out. */
function withNow(items: Item[], { ended, verdict }: State): Item[] {
  const isCutOff = ended !== null && ended.status !== 'completed';
  const last = items.findLastIndex(({ state }) => state !== 'to come' && state !== 'left out');
  const end = isCutOff ? items.length - 1 : last;
  return items.map((item, index) => {
    if (item.state === 'to come' && index < end) return { ...item, state: 'left out', atMs: null };
    return index === last && item.state === 'done' && !verdict ? { ...item, state: 'now' } : item;
  });
}

function stepItem({ steps }: State, step: string, what: string, look: string): Item {
  const found = steps.get(step);
  if (!found) return { what, look, state: 'to come', atMs: null };
  const state = found.state === 'started' ? 'now' : found.state === 'failed' ? 'failed' : 'done';
  return { what, look, state, atMs: found.startMs };
}

const markItems: Record<string, [what: string, look: string]> = {
  'baseline-start': ['Baseline', 'Normal traffic: p99 of this phase is what the peak is compared with.'],
  'ramp-start': ['Step to the peak', 'Watch replicas being added, and p99 while they come.'],
  'peak-start': ['Peak', 'Does the rate reach its plan, and does p99 stay below its limit?'],
};

function markItem(state: State, mark: string, afterMs: number): Item {
  const [what, look] = markItems[mark] ?? [mark, ''];
  const startMs = loadStartOf(state);
  return { what, look, ...doneOr(state.marks.get(mark), startMs === null ? null : startMs + afterMs) };
}

const provenItem = ({ marks }: State): Item => ({
  what: 'Peak proven',
  look: 'The planned rate is held: from here on the fault may come.',
  ...doneOr(marks.get('peak-proven'), null),
});

function faultItems(state: State): Item[] {
  const notProven = faultAt(state, 'not-proven');
  return [
    {
      what: `Fault: ${state.frame?.fault?.kind}`,
      look: 'Who notices first, and by what? Note the time.',
      ...doneOr(faultAt(state, 'injecting'), faultDueMs(state)),
    },
    notProven === undefined
      ? {
          what: 'Fault proven',
          look: 'The platform shows that it took effect.',
          ...doneOr(faultAt(state, 'proven'), null),
        }
      : { what: 'Fault proven', look: 'Without proof, nothing was withstood.', state: 'failed', atMs: notProven },
    promisedItem(state),
  ];
}

/** A promise that reaches beyond the load is not judged in it. */
function promisedItem(state: State): Item {
  const item = { what: 'Promised to be well again', look: 'From here on errors and slow answers break a promise.' };
  const startMs = faultAt(state, 'injected') ?? faultDueMs(state);
  const endMs = loadEndMs(state);
  if (startMs === null || !state.frame) return { ...item, state: 'to come', atMs: null };
  const promisedMs = startMs + state.frame.schedule.recoveredAfterMs;
  if (endMs !== null && promisedMs > endMs) return { ...item, state: 'left out', atMs: null };
  return { ...item, ...doneOr(promisedMs <= state.atMs ? promisedMs : undefined, promisedMs) };
}

function backItems(state: State): Item[] {
  const back = state.frame?.schedule.marks.find(({ mark }) => mark === 'back-start');
  const startMs = loadStartOf(state);
  const dueMs = back && startMs !== null ? startMs + back.afterMs : null;
  return [
    {
      what: 'Traffic goes back',
      look: 'Watch replicas being taken away without an error.',
      ...doneOr(state.marks.get('back-start'), dueMs),
    },
  ];
}

function undoItem(state: State): Item {
  const item = { what: 'Fault undone', look: 'The platform is put back as it was.' };
  const wasNone = state.marks.has('load-end') && state.faults.length === 0;
  if (wasNone) return { ...item, state: 'left out', atMs: null };
  return { ...item, ...doneOr(faultAt(state, 'reverted'), loadEndMs(state)) };
}

function verdictItem({ verdict, ended }: State): Item {
  const what = 'Verdict';
  const look = 'The evidence is sealed and judged.';
  if (verdict) return { what, look, state: 'done', atMs: verdict.atMs };
  return ended ? { what, look, state: 'now', atMs: ended.atMs } : { what, look, state: 'to come', atMs: null };
}

/** The phase that an instant of the load lies in, and where it began. */
export function phasesOf(state: State): { name: string; startMs: number; endMs: number }[] {
  const { marks, frame } = state;
  const injected = faultAt(state, 'injected') ?? faultAt(state, 'injecting');
  const starts: [string, number | undefined][] = [
    ['baseline', marks.get('baseline-start')],
    ['ramp', marks.get('ramp-start')],
    ['peak', marks.get('peak-start')],
    ['fault', injected],
    ['recovered', injected === undefined || !frame ? undefined : injected + frame.schedule.recoveredAfterMs],
    ['back', marks.get('back-start')],
  ];
  const endMs = marks.get('load-end') ?? state.atMs;
  const begun = starts.flatMap(([name, startMs]) =>
    startMs === undefined || startMs > endMs ? [] : [{ name, startMs }],
  );
  return begun.map((phase, index) => ({ ...phase, endMs: begun[index + 1]?.startMs ?? endMs }));
}
