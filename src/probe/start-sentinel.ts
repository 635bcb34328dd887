import { createInterface } from 'node:readline';
import { type SentinelSpec, type SentinelTick, sentinelTickSchema } from '../model/lane.ts';
import { secretsIn } from '../model/secrets.ts';
import { writeJson } from '../runtime/files.ts';
import { measuresFirst, programAt, startOwnedNode, stopOwned } from '../runtime/processes.ts';

export interface Sentinel extends AsyncDisposable {
  ended: Promise<{
    exitCode: number | null;
    message: string;
    /** It ran in a pod, and was not heard to the end. */
    podLost?: boolean;
  }>;
}

/**
 * Starts the sentinel; `onTick` is called once a second. Disposing waits for its last probes and its evidence.
 * @param specFile where its spec is written, and stays: an argument holds at most 128 KiB.
 */
export async function startSentinel(
  spec: SentinelSpec,
  specFile: string,
  onTick: (tick: SentinelTick) => void,
): Promise<Sentinel> {
  await writeJson(specFile, spec);
  const child = startOwnedNode(programAt('src', 'probe', 'sentinel'), [specFile], secretsIn(spec));
  measuresFirst(child);
  createInterface({ input: child.stdout }).on('line', (line) => onTick(sentinelTickSchema.parse(JSON.parse(line))));
  const stderr: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
  const ended = child.ended.then((end) => ({ ...end, message: stderr.slice(-5).join('\n') || end.message }));
  return { ended, [Symbol.asyncDispose]: () => stopOwned(child, 'SIGTERM', spec.timeoutMs + 3_000) };
}
