import { buildConnector } from 'undici';
import { nowMs } from '../runtime/clock.ts';

/** Below those that Linux and macOS give away by themselves, so that they meet nobody else's connections. */
const first = 10_000;
const count = 20_000;
/** As many as a sentinel opens; the next one begins where the last is likely to have ended. */
const perSecond = 25;

/** Source ports in turn, without an end. None comes again for minutes. */
export function* sourcePorts(): Generator<number, never> {
  for (let next = Math.floor(nowMs() / 1_000) * perSecond; ; next += 1) yield first + (next % count);
}

/** Another program may have one of them. */
const attempts = 10;
const taken = new Set(['EADDRINUSE', 'EADDRNOTAVAIL']);

/**
 * Dials as undici does, and each time from the next port of `ports`. The system would choose among few and soon choose
 * one again: docs/decisions/0025-a-port-for-each-connection.md.
 */
export function fromOwnPorts(options: buildConnector.BuildOptions, ports: Iterator<number>): buildConnector.connector {
  const dial = (target: buildConnector.Options, done: buildConnector.Callback, attempt: number): void => {
    const connector = buildConnector({ ...options, localPort: ports.next().value } as buildConnector.BuildOptions);
    connector(target, (...result) => {
      const code = (result[0] as NodeJS.ErrnoException | null)?.code ?? '';
      if (taken.has(code) && attempt < attempts) dial(target, done, attempt + 1);
      else done(...result);
    });
  };
  return (target, done) => dial(target, done, 1);
}
