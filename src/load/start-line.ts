import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StartLineAnswer } from '../model/load-spec.ts';

/** Longer than the answers take to reach all. */
const readyMs = 200;

/** Where k6 processes that share a schedule wait for each other. */
export interface StartLine extends AsyncDisposable {
  /** Answers, once all processes have asked, with the epoch ms at which they start. */
  url: string;
}

/** Opens a start line for so many processes; how long each takes to make its virtual users nobody can tell before. */
export async function openStartLine(count: number): Promise<StartLine> {
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    waiting.push(response);
    if (waiting.length < count) return;
    // k6 compares it with the system's clock, which may not be the one that a drill is timed by.
    const startMs = Date.now() + readyMs;
    const answer: StartLineAnswer = { data: { attributes: { data: startMs } } };
    for (const one of waiting) one.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
