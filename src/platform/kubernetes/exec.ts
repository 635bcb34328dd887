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

/**
 * Runs a command in a container.
 * @returns why it failed; null where it did not; undefined where it ended without a word, as it does together with its container
 * @throws TenfoldError where nothing could be run, or nobody can say how it ended
 */
export async function execIn(
  { config }: ClusterApi,
  { namespace, pod, container }: ContainerPlace,
  argv: string[],
): Promise<string | null | undefined> {
  // The API server wants at least one stream; what is said is not of interest.
  const unread = new Writable({ write: (_chunk, _encoding, done) => done() });
  const ended = Promise.withResolvers<V1Status | null>();
  return await within(`${argv[0]} in pod ${pod}`, { timeoutMs }, async () => {
    const socket = await new Exec(config)
      .exec(namespace, pod, container, argv, unread, null, null, false, ended.resolve)
      .catch((error: unknown) => {
        throw cannotTell(`nothing can be run in pod ${pod}: ${apiWords(error)}`, { cause: error });
      });
    socket.on('close', () => ended.resolve(null));
    try {
      const status = await ended.promise;
      if (status?.status !== 'Failure') return status === null ? undefined : null;
      const { message = 'no reason given' } = status;
      if (isOfCommand(message)) return message;
      throw cannotTell(`${argv[0]} could not be run in pod ${pod}: ${message}`);
    } finally {
      socket.close();
    }
  });
}

/** What the command itself says, and not the node or the API server. */
const isOfCommand = (message: string): boolean => /exit code/.test(message) || isMissing(message);

const isMissing = (words: string): boolean => /not found|no such file/i.test(words);

/**
 * Does the same by the first of several programs that the container's image has: many have no shell, and some nothing but their own.
 * @returns as `execIn`. @throws where it has none of them
 */
export async function execByAny(
  api: ClusterApi,
  place: ContainerPlace,
  means: string[][],
): Promise<string | null | undefined> {
  for (const argv of means) {
    const failure = await execIn(api, place, argv);
    if (failure === null || failure === undefined || !isMissing(failure)) return failure;
  }
  const programs = means.map(([program]) => program);
  throw cannotTell(`the image of container ${place.container} has nothing to do it by: no ${programs.join(', no ')}`);
}
