import { LiveAlerts } from '../analysis/live-alerts.ts';
import type { Observation } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import type { EventOf, LaneState, WatchEvent } from './events.ts';
import { frameOf } from './frame.ts';

type ObservationOf<K extends Observation['kind']> = Extract<Observation, { kind: K }>;

/** Makes of a run's observations what those who watch are told: only what is new to them, so that an hour of it stays small. */
export class Feed {
  readonly #alerts: LiveAlerts;
  readonly begin: EventOf<'begin'>;
  #lanes: Record<string, LaneState> = {};
  #capacity = '';

  constructor(plan: Plan, atMs: number) {
    this.#alerts = new LiveAlerts(plan);
    this.begin = { kind: 'begin', atMs, frame: frameOf(plan) };
  }

  take(o: Observation): WatchEvent[] {
    switch (o.kind) {
      case 'run-started':
        return [{ kind: 'run', atMs: o.atMs, runId: o.runId }];
      case 'lanes':
        return [{ kind: 'replicas', atMs: o.atMs, replicas: o.replicas ?? [] }];
      case 'probes':
        return this.#takeProbes(o);
      case 'inventory':
        return this.#takeInventory(o);
      case 'load-progress':
        return [o, ...this.#alerts.take(o.atMs, o.paths ?? []).map((alert) => ({ kind: 'alert' as const, ...alert }))];
      case 'run-finished':
        return [{ kind: 'ended', atMs: o.atMs, status: o.status, reason: o.reason }];
      case 'step':
      case 'mark':
      case 'held-on':
      case 'fault':
      case 'platform-event':
      case 'problem':
      case 'stop':
        return [o];
      default:
        return [];
    }
  }

  #takeProbes({ atMs, lanes }: ObservationOf<'probes'>): WatchEvent[] {
    const states = Object.entries(lanes).map(([lane, counts]) => [lane, stateOf(counts)] as const);
    const changed = states.filter(([lane, state]) => this.#lanes[lane] !== state);
    if (changed.length === 0) return [];
    this.#lanes = Object.fromEntries(states);
    return [{ kind: 'lanes', atMs, states: Object.fromEntries(changed) }];
  }

  #takeInventory({ atMs, ...told }: ObservationOf<'inventory'>): WatchEvent[] {
    const { podsReady, podsWanted, nodesReady, nodesWanted, pods } = told;
    const capacity = { podsReady, podsWanted, nodesReady, nodesWanted, pods };
    const seen = JSON.stringify(capacity);
    if (seen === this.#capacity) return [];
    this.#capacity = seen;
    return [{ kind: 'capacity', atMs, ...capacity }];
  }
}

function stateOf({ good, failed }: { good: number; failed: number }): LaneState {
  if (failed > 0) return good > 0 ? 'partly' : 'failing';
  return good > 0 ? 'served' : 'silent';
}
