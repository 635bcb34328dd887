import { Writable } from 'node:stream';
import { Exec, type V1Status } from '@kubernetes/client-node';
import { cannotTell } from '../../model/errors.ts';
import { within } from '../../runtime/clock.ts';
import { apiWords, type ClusterApi } from './cluster-api.ts';

const timeoutMs = 15_000;

export interface ContainerPlace {
  namespace: string;
  pod: string;
  container: string;
}

/** How a command ended: why it failed; null where it did not; undefined where it ended without a word, as it does together with its container. */
export type ExecEnd = string | null | undefined;

/** A command that runs in a container, whoever listens to it. */
export interface Running {
  /** @throws TenfoldError where it was never run, or nobody can say how it ended */
  ended: Promise<ExecEnd>;
  /** Listens to it no longer; it may run on. */
  leave(): void;
}

/** Starts a command in a container. @param onText gets what it says. @throws TenfoldError where nothing can be run there */
export async function startIn(
  { config }: ClusterApi,
  { namespace, pod, container }: ContainerPlace,
  argv: string[],
  onText: (text: string) => void = () => {},
): Promise<Running> {
  // The API server wants at least one stream.
  const output = new Writable({
    write(chunk, _encoding, done) {
      onText(String(chunk));
      done();
    },
  });
  const ended = Promise.withResolvers<V1Status | null>();
  const socket = await new Exec(config)
    .exec(namespace, pod, container, argv, output, null, null, false, ended.resolve)
    .catch((error: unknown) => {
      throw cannotTell(`nothing can be run in pod ${pod}: ${apiWords(error)}`, { cause: error });
    });
  socket.on('close', () => ended.resolve(null));
  const told = ended.promise.then((status) => {
    if (status?.status !== 'Failure') return status === null ? undefined : null;
    const { message = 'no reason given' } = status;
    if (isOfCommand(message)) return message;
    throw cannotTell(`${argv[0]} could not be run in pod ${pod}: ${message}`);
  });
  told.catch(() => {});
  return { ended: told, leave: () => socket.close() };
}

/** Runs a command in a container to its end. @throws TenfoldError where nothing could be run, or nobody can say how it ended */
export async function execIn(
  api: ClusterApi,
  place: ContainerPlace,
  argv: string[],
  onText?: (text: string) => void,
): Promise<ExecEnd> {
  return await within(`${argv[0]} in pod ${place.pod}`, { timeoutMs }, async () => {
    const { ended, leave } = await startIn(api, place, argv, onText);
    try {
      return await ended;
    } finally {
      leave();
    }
  });
}

/** What the command itself says, and not the node or the API server. */
const isOfCommand = (message: string): boolean => /exit code/.test(message) || isMissing(message);

export const isMissing = (words: string): boolean => /not found|no such file/i.test(words);

/** That none of some programs is there. */
export const hasNone = ({ container }: ContainerPlace, means: string[][]): Error =>
  cannotTell(
    `the image of container ${container} has nothing to do it by: no ${means.map(([program]) => program).join(', no ')}`,
  );

/**
 * Does the same by the first of several programs that the container's image has: many have no shell, and some nothing but their own.
 * @returns as `execIn`. @throws where it has none of them
 */
export async function execByAny(
  api: ClusterApi,
  place: ContainerPlace,
  means: string[][],
  onText?: (text: string) => void,
): Promise<ExecEnd> {
  for (const argv of means) {
    const failure = await execIn(api, place, argv, onText);
    if (failure === null || failure === undefined || !isMissing(failure)) return failure;
  }
  throw hasNone(place, means);
}
