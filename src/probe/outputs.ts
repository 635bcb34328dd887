import { createServer } from 'node:http';
import type { SentinelSpec, SentinelTick } from '../model/lane.ts';
import { nowMs } from '../runtime/clock.ts';
import { PodLogWriter } from './pod-log.ts';
import { ProbeFile } from './probe-file.ts';

/** Where a sentinel puts what it finds, and by what it is stopped. */
interface Output {
  /** Lines of CSV. */
  rows(rows: string): void;
  tick(tick: SentinelTick): void;
  end(): Promise<void>;
}

export const outputOf = ({ output }: SentinelSpec, stop: () => void): Output =>
  typeof output === 'string' ? ofProcess(output, stop) : ofPod(output, stop);

/** Probes to a file, ticks to stdout; it ends with whoever started it. */
function ofProcess(path: string, stop: () => void): Output {
  const file = new ProbeFile(path);
  process.stdin.on('end', stop).resume();
  process.stdout.on('error', () => {});
  return {
    rows: (rows) => file.write(rows),
    tick: (tick) => process.stdout.write(`${JSON.stringify(tick)}\n`),
    end: () => file.end(),
  };
}

/**
 * All of it to the log; it is asked as k6 is in a pod, by the two of k6's REST calls that it needs: for its state, of which the header
 * Date tells the clock that probes are stamped by, and to stop.
 */
function ofPod(port: number, stop: () => void): Output {
  const log = new PodLogWriter((line) => process.stdout.write(line));
  const server = createServer((request, response) => {
    response.sendDate = false;
    response.setHeader('date', new Date(nowMs()).toUTCString());
    response.end('{}');
    if (request.method === 'PATCH') stop();
  });
  server.listen(port);
  return {
    rows: (rows) => log.rows(rows),
    tick: (tick) => log.tick(tick),
    end: () => {
      log.end();
      return new Promise((resolve) => process.stdout.write('', () => resolve()));
    },
  };
}
