import { Writable } from 'node:stream';
import { Log } from '@kubernetes/client-node';
import { nowMs, sleepMs } from '../../../runtime/clock.ts';
import type { ClusterApi } from '../cluster-api.ts';
import type { ContainerPlace } from '../exec.ts';

/** Who measures writes at least once a second; a stream that is silent for longer has died, whatever it says. */
const silentMs = 6_000;
const againMs = 1_000;

export interface FollowedLog {
  /** Since when nothing has come, epoch ms. */
  silentSinceMs(): number;
  /** Reads on until the log's end; resolves with whether every line of it has come. Call it once the container has ended. */
  finish(withinMs: number): Promise<boolean>;
  /** Ends it at once. */
  stop(): void;
}

/**
 * Follows what a pod writes, line by line, through what breaks the connection: it goes on after the last line that has come.
 * Whether something is missing in between can be told, as a line's time and text are known: it has to come again first.
 */
export function followLog(api: ClusterApi, place: ContainerPlace, onLine: (line: string) => void): FollowedLog {
  const over = new AbortController();
  const lines = new LogLines(onLine);
  let heardAtMs = nowMs();
  let hasEnded = false;
  const following = (async () => {
    while (!over.signal.aborted) {
      const since = lines.begin();
      // A stream that was open before the end may have been closed too early.
      const isLast = hasEnded;
      const how = await oneStream(api, { ...place, since, signal: over.signal }, (chunk) => {
        heardAtMs = nowMs();
        lines.take(chunk);
      });
      if (how === 'end') lines.end();
      if (isLast && how === 'end') return !lines.isCut;
      await sleepMs(againMs, over.signal).catch(() => {});
    }
    return false;
  })();
  return {
    silentSinceMs: () => heardAtMs,
    async finish(withinMs) {
      hasEnded = true;
      const timer = setTimeout(() => over.abort(), withinMs);
      const toTheEnd = await following;
      clearTimeout(timer);
      return toTheEnd && !lines.hasGap;
    },
    stop: () => over.abort(),
  };
}

interface Stream extends ContainerPlace {
  /** The time of the last line that has come. */
  since: string | undefined;
  signal: AbortSignal;
}

/** Reads a stream to its end. `broken`: it could not be opened, or nothing came for too long. */
async function oneStream(
  { config }: ClusterApi,
  { namespace, pod, container, since, signal }: Stream,
  onChunk: (chunk: Buffer) => void,
): Promise<'end' | 'broken'> {
  const { promise: over, resolve: end } = Promise.withResolvers<'end' | 'broken'>();
  const broken = () => end('broken');
  const idle = setTimeout(broken, silentMs);
  signal.addEventListener('abort', broken);
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      idle.refresh();
      onChunk(chunk);
      done();
    },
  });
  sink.on('finish', () => end('end'));
  // The library leaves the error of a stream that breaks to nobody.
  sink.on('pipe', (source) => source.on('error', broken));
  const options = { follow: true, timestamps: true, ...(since !== undefined && { sinceTime: since }) };
  const opening = new Log(config).log(namespace, pod, container, sink, options);
  opening.catch(broken);
  try {
    return await over;
  } finally {
    clearTimeout(idle);
    signal.removeEventListener('abort', broken);
    void opening.then(
      (request) => request.abort(),
      () => {},
    );
  }
}

/** Takes a log's bytes apart into lines, without the time that stands before each. */
export class LogLines {
  /** Lines are missing between two streams. */
  hasGap = false;
  readonly #onLine: (line: string) => void;
  /** The time of the last line, as the node wrote it. */
  #lastTime: string | undefined;
  #rest: Buffer = Buffer.alloc(0);
  /** The last lines of the stream before, all of one time: the next stream repeats them. */
  #repeated: string[] = [];
  #sameTime: string[] = [];

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** A stream begins. @returns since when it has to tell: then it begins with lines that have come already */
  begin(): string | undefined {
    this.#rest = Buffer.alloc(0);
    this.#repeated = [...this.#sameTime];
    return this.#lastTime;
  }

  /** The last line has not come as a whole. */
  get isCut(): boolean {
    return this.#rest.length > 0;
  }

  /** The stream has come to its end: what should have come again and did not is missing, and what came after it may be. */
  end(): void {
    if (this.#repeated.length > 0) this.hasGap = true;
  }

  take(chunk: Buffer): void {
    const all = Buffer.concat([this.#rest, chunk]);
    const whole = all.lastIndexOf(newLine) + 1;
    this.#rest = all.subarray(whole);
    if (whole === 0) return;
    for (const line of all.toString('utf8', 0, whole - 1).split('\n')) this.#line(line);
  }

  #line(stamped: string): void {
    const at = stamped.indexOf(' ');
    const [time, line] = [stamped.slice(0, at), stamped.slice(at + 1)];
    // sinceTime has whole seconds: the lines of that second that came before this time come again too.
    if (this.#repeated.length > 0) {
      if (this.#lastTime !== undefined && isBefore(time, this.#lastTime)) return;
      if (time === this.#lastTime && line === this.#repeated[0]) {
        this.#repeated.shift();
        return;
      }
      this.hasGap = true;
      this.#repeated = [];
    }
    if (time !== this.#lastTime) this.#sameTime = [];
    this.#lastTime = time;
    this.#sameTime.push(line);
    this.#onLine(line);
  }
}

const newLine = 0x0a;

/** RFC 3339 times in UTC of any precision. */
const isBefore = (a: string, b: string): boolean => a.replace(/Z$/, '') < b.replace(/Z$/, '');
