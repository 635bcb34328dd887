import type { Plan } from '../model/plan.ts';
import type { Watcher } from '../suite/take-turns.ts';
import { type Progress, showProgress } from './progress.ts';

/** Shows several runs, one after the other. */
export interface WatchedRuns {
  say(line: string): void;
  /** What the one that runs is at. */
  waitingFor(): string;
  watch(plan: Plan, heading: string): Watcher;
}

/** Shows several runs on stderr, each below its heading. */
export function watchRuns(stream: NodeJS.WriteStream, options: { detail: 'full' | 'live' }): WatchedRuns {
  let current: Progress | undefined;
  const say = (line: string) => (current ? current.say(line) : stream.write(`${line}\n`));
  return {
    say,
    waitingFor: () => current?.waitingFor() ?? 'the next run',
    watch(plan, heading) {
      say(heading);
      const progress = showProgress(plan, stream, options);
      current = progress;
      return {
        listener: progress.listener,
        onProgress: progress.note,
        done() {
          progress.done();
          current = undefined;
        },
      };
    },
  };
}
