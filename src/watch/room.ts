import { Stopped } from '../model/errors.ts';
import type { Observation } from '../model/evidence.ts';
import type { Plan } from '../model/plan.ts';
import type { Tick } from '../model/runbook.ts';
import { headline } from '../report/headline.ts';
import type { ReportInput } from '../report/report-input.ts';
import { nowMs } from '../runtime/clock.ts';
import { watchDocument } from './document.ts';
import { EventLog } from './event-log.ts';
import type { EarlierRun, WatchEvent } from './events.ts';
import { Feed } from './feed.ts';
import { startServer } from './server.ts';
import { Ticks } from './ticks.ts';

/** Where people follow drills from their browsers, one drill after the other. */
export interface Room extends AsyncDisposable {
  url: string;
  /** Aborts when somebody there stops the drill. */
  stopped: AbortSignal;
  /** A drill is about to start. */
  begin(plan: Plan): void;
  listener(observation: Observation): void;
  note(message: string): void;
  /** @param record writes into the evidence of the drill that is on */
  takeTicks(record: (tick: Tick) => void): void;
  /** It has been judged. @param command shows the run again */
  judged(input: ReportInput, command: string): void;
}

/**
 * Opens a room. What goes wrong in it later closes it, and is said: a drill never waits for those who watch, and never fails by them.
 * @throws TenfoldError (invalid) when it cannot be opened
 */
export async function openRoom(say: (line: string) => void): Promise<Room> {
  const log = new EventLog();
  const stopping = new AbortController();
  let feed: Feed | undefined;
  let ticks: Ticks | undefined;
  let runId: string | undefined;
  const earlier: EarlierRun[] = [];
  let isOver = false;
  let isBroken = false;
  const gone = 'that drill is not running any more';
  const stop = (asked: string): string | undefined => {
    if (asked !== runId || isOver) return gone;
    if (stopping.signal.aborted) return 'it is being stopped already';
    say('stopped by somebody who watches: undoing and tearing down');
    stopping.abort(new Stopped('interrupted', 'stopped by somebody who watched'));
    return undefined;
  };
  const tick = (asked: string, said: { step?: unknown; by?: unknown }): string | undefined => {
    if (asked !== runId || isOver || !ticks) return gone;
    const done = ticks.tick(said, nowMs());
    if (typeof done === 'string') return done;
    tell(() => [{ kind: 'tick', ...done }]);
    return undefined;
  };
  const server = await startServer(await watchDocument('tenfold'), { log, stop, tick });
  const tell = (make: () => WatchEvent[]) => {
    if (isBroken) return;
    try {
      for (const event of make()) log.push(event);
      server.wake();
    } catch (error) {
      isBroken = true;
      say(`the drill can no longer be watched: ${(error as Error).message}`);
    }
  };
  return {
    url: server.url,
    stopped: stopping.signal,
    begin(plan) {
      [runId, isOver] = [undefined, false];
      tell(() => {
        feed = new Feed(plan, nowMs());
        ticks = new Ticks(plan, feed.begin.frame);
        return [{ ...feed.begin, ...(earlier.length > 0 && { earlier: [...earlier] }) }];
      });
    },
    listener(observation) {
      if (observation.kind === 'run-started') runId = observation.runId;
      if (observation.kind === 'run-finished') isOver = true;
      ticks?.take(observation);
      tell(() => feed?.take(observation) ?? []);
    },
    takeTicks(record) {
      if (ticks) ticks.record = record;
    },
    note: (message) => tell(() => [{ kind: 'note', atMs: nowMs(), message }]),
    judged: (input, command) =>
      tell(() => {
        const { drill, outcome } = input.verdict;
        earlier.push({ drill, without: input.plan.without, outcome, headline: headline(input) });
        return [verdictEvent(input, command, nowMs())];
      }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export function verdictEvent(input: ReportInput, command: string, atMs: number): WatchEvent {
  const { outcome, findings } = input.verdict;
  return {
    kind: 'verdict',
    atMs,
    outcome,
    headline: headline(input),
    findings: findings.map(({ title, outcome, message }) => ({ title, outcome, message })),
    command,
  };
}
