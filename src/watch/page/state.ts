import type { EarlierRun, EventOf, Frame, LaneState, Replica, WatchEvent } from '../events.ts';

/** As many as the log of the server holds. */
const mostSeconds = 7_200;
const mostHappenings = 500;

export type Tone = 'good' | 'bad' | 'warn' | 'plain';

export interface Happening {
  atMs: number;
  tone: Tone;
  text: string;
  /** Said aloud by screen readers. */
  isNews: boolean;
}

/** All that a page knows of a drill at an instant. */
export interface State {
  frame: Frame | null;
  runId: string | null;
  /** The latest that was told. */
  atMs: number;
  startedMs: number;
  steps: Map<string, { state: 'started' | 'finished' | 'failed'; startMs: number; endMs: number | null }>;
  marks: Map<string, number>;
  faults: EventOf<'fault'>[];
  heldOn: { peak: number; recovered: number };
  seconds: EventOf<'load-progress'>[];
  replicas: Replica[];
  lanes: Map<string, LaneState>;
  /** Each time that one of them changed. */
  serving: { atMs: number; served: number; all: number }[];
  capacity: EventOf<'capacity'>[];
  alerts: EventOf<'alert'>[];
  /** Who did which step of the runbook, by the step's id. */
  ticks: Map<string, { atMs: number; by: string }>;
  happenings: Happening[];
  note: string | null;
  ended: EventOf<'ended'> | null;
  verdict: EventOf<'verdict'> | null;
  /** Runs before this one in the same row. */
  earlier: EarlierRun[];
}

export const emptyState = (): State => ({
  frame: null,
  runId: null,
  atMs: 0,
  startedMs: 0,
  steps: new Map(),
  marks: new Map(),
  faults: [],
  heldOn: { peak: 0, recovered: 0 },
  seconds: [],
  replicas: [],
  lanes: new Map(),
  serving: [],
  capacity: [],
  alerts: [],
  ticks: new Map(),
  happenings: [],
  note: null,
  ended: null,
  verdict: null,
  earlier: [],
});

/** Takes in what was told, in its order. */
export function take(state: State, event: WatchEvent): State {
  if (event.kind === 'begin') {
    const { atMs, frame, earlier = [] } = event;
    return { ...emptyState(), frame, earlier, startedMs: atMs, atMs };
  }
  state.atMs = Math.max(state.atMs, event.atMs);
  tell(state, event);
  switch (event.kind) {
    case 'run':
      state.runId = event.runId;
      break;
    case 'step': {
      const { step, atMs } = event;
      const startMs = event.state === 'started' ? atMs : (state.steps.get(step)?.startMs ?? atMs);
      state.steps.set(step, { state: event.state, startMs, endMs: event.state === 'started' ? null : atMs });
      if (event.state === 'started') state.note = null;
      break;
    }
    case 'mark':
      state.marks.set(event.mark, event.atMs);
      state.note = null;
      break;
    case 'fault':
      state.faults.push(event);
      break;
    case 'held-on':
      if (event.phase === 'peak' || event.phase === 'recovered') state.heldOn[event.phase] += 1;
      break;
    case 'load-progress':
      state.seconds.push(event);
      if (state.seconds.length > mostSeconds) state.seconds.shift();
      break;
    case 'replicas':
      state.replicas = event.replicas;
      break;
    case 'lanes':
      for (const [lane, laneState] of Object.entries(event.states)) state.lanes.set(lane, laneState);
      state.serving.push({ atMs: event.atMs, ...servingOf(state) });
      break;
    case 'capacity':
      state.capacity.push(event);
      break;
    case 'alert':
      state.alerts.push(event);
      break;
    case 'tick':
      state.ticks.set(event.step, event);
      break;
    case 'note':
      state.note = event.message;
      break;
    case 'ended':
      state.ended = event;
      break;
    case 'verdict':
      state.verdict = event;
      break;
  }
  return state;
}

/** Replicas whose probes are served, of those that are probed and still there. */
export function servingOf(state: State): { served: number; all: number } {
  const probed = copiesOf(state).filter(({ probes, isGone }) => probes !== null && !isGone);
  return { served: probed.filter(({ probes }) => probes === 'served').length, all: probed.length };
}

/** A copy of the shop, by what its probes and the platform say. */
export interface Copy {
  name: string;
  zone: string;
  /** null: it is not probed. */
  probes: LaneState | null;
  /** null: the platform does not say. */
  isReady: boolean | null;
  /** It was there when the drill began, and the platform does not know it any more. */
  isGone: boolean;
}

export function copiesOf({ replicas, lanes, capacity }: State): Copy[] {
  const pods = capacity.at(-1)?.pods ?? [];
  const probed = replicas.map(({ replica, zone, lane }) => {
    const pod = pods.find(({ name }) => name === replica);
    return {
      name: replica,
      zone,
      probes: lanes.get(lane) ?? 'silent',
      isReady: pod?.ready ?? null,
      isGone: pods.length > 0 && pod === undefined,
    };
  });
  const names = new Set(replicas.map(({ replica }) => replica));
  const others = pods.filter(({ name }) => !names.has(name));
  return [
    ...probed,
    ...others.map(({ name, zone = 'zone unknown', ready }) => ({
      name,
      zone,
      probes: null,
      isReady: ready,
      isGone: false,
    })),
  ];
}

const markWords: Record<string, string> = {
  'baseline-start': 'the baseline begins',
  'ramp-start': 'the step to the peak begins',
  'peak-start': 'the peak begins',
  'peak-proven': 'the peak is proven',
  'back-start': 'the traffic goes back',
  'load-end': 'the load has ended',
};

const faultWords: Record<EventOf<'fault'>['state'], [Tone, string]> = {
  injecting: ['warn', 'is being injected'],
  injected: ['bad', 'is injected'],
  proven: ['warn', 'is proven to have taken effect'],
  'not-proven': ['bad', 'is not proven to have taken effect'],
  reverted: ['good', 'is undone'],
};

export const pathWords = { api: 'API', checkout: 'checkout' } as const;

/** What of it belongs into the list of what happened. */
function tell(state: State, event: WatchEvent): void {
  const happening = happeningOf(event, state);
  if (!happening) return;
  const [tone, text, isNews] = happening;
  state.happenings.push({ atMs: event.atMs, tone, text, isNews });
  if (state.happenings.length > mostHappenings) state.happenings.shift();
}

function happeningOf(event: WatchEvent, { frame }: State): [tone: Tone, text: string, isNews: boolean] | undefined {
  switch (event.kind) {
    case 'step':
      if (event.state === 'failed')
        return ['bad', `${event.step} failed: ${event.message ?? 'no reason was given'}`, true];
      return ['plain', `${event.step}: ${event.state}`, false];
    case 'mark':
      return [event.mark === 'peak-proven' ? 'good' : 'plain', markWords[event.mark] ?? event.mark, true];
    case 'fault': {
      const [tone, words] = faultWords[event.state];
      return [tone, `the fault ${event.fault} ${words}${event.detail ? `: ${event.detail}` : ''}`, true];
    }
    case 'alert':
      return ['bad', `an alert fires (${event.severity}): ${alertText(event)}`, true];
    case 'held-on':
      return ['warn', `the ${event.phase} phase is held on: ${event.because}`, true];
    case 'stop':
      return ['bad', `the drill stops: ${event.because}`, true];
    case 'problem':
      return ['warn', event.message, true];
    case 'tick': {
      const title = frame?.runbook?.steps.find(({ id }) => id === event.step)?.title ?? event.step;
      return ['good', `${event.by} did a step of the runbook: ${title}`, true];
    }
    case 'platform-event':
      return ['plain', `${event.source}: ${event.message}`, false];
    case 'note':
      return ['plain', event.message, false];
    case 'ended':
      return [
        event.status === 'completed' ? 'plain' : 'bad',
        `the run ${endWords(event.status)}${event.reason ? `: ${event.reason}` : ''}`,
        true,
      ];
    case 'verdict':
      return [
        event.outcome === 'pass' ? 'good' : event.outcome === 'fail' ? 'bad' : 'warn',
        `verdict: ${event.outcome}`,
        true,
      ];
    default:
      return undefined;
  }
}

const ends: Record<string, string> = { completed: 'is complete', crashed: 'has crashed' };
/** How a run ended, in words. */
export const endWords = (status: string): string => ends[status] ?? `was ${status}`;

export const alertText = ({ path, burnRate, longMs }: Pick<EventOf<'alert'>, 'path' | 'burnRate' | 'longMs'>): string =>
  `${pathWords[path]} burns its error budget ${burnRate} times too fast, over ${longMs / 3_600_000} h`;
