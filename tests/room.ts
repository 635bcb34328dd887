import type { WatchEvent } from '../src/watch/events.ts';
import type { startTenfold } from './harness.ts';

/** Follows a drill as a page does. */
export async function* eventsOf(url: URL): AsyncGenerator<WatchEvent> {
  const { body } = await fetch(new URL('events', url));
  let rest = '';
  for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^id: .*\ndata: (.*)$/s.exec(block)?.[1];
      if (data) yield JSON.parse(data) as WatchEvent;
    }
  }
}

/** The link that a drill says where it can be watched. */
export function linkOf(running: ReturnType<typeof startTenfold>): Promise<URL> {
  let all = '';
  return new Promise((resolve, reject) => {
    running.stderr.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      const link = /watch it at (http\S+)\n/.exec(all)?.[1];
      if (link) resolve(new URL(link));
    });
    void running.then(({ stderr }) => reject(new Error(`it ended before it said where: ${stderr}`)));
  });
}
