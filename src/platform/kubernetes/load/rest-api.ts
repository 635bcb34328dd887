import { cannotTell } from '../../../model/errors.ts';
import { type LoadPod, type LoadPodAnswer, restPort } from '../../../model/facets.ts';
import { nowMs } from '../../../runtime/clock.ts';
import { apiWords, type ClusterApi } from '../cluster-api.ts';
import { forwardPort } from '../forward-port.ts';

const askMs = 5_000;

/** Asks the REST API in a pod, by way of the API server. @throws where it says no, or nothing */
export async function openRestApi(
  api: ClusterApi,
  { namespace, pod }: { namespace: string; pod: string },
): Promise<AsyncDisposable & Pick<LoadPod, 'ask'>> {
  const forward = await forwardPort(api, { namespace, pod, port: restPort });
  return {
    async ask({ method, path, body }): Promise<LoadPodAnswer> {
      const sentMs = nowMs();
      const response = await fetch(`http://127.0.0.1:${forward.port}${path}`, {
        method,
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(askMs),
      }).catch((error: Error) => {
        throw cannotTell(`pod ${pod} does not answer ${method} ${path}: ${apiWords(error)}`, { cause: error });
      });
      const receivedMs = nowMs();
      const text = await response.text();
      if (!response.ok) throw cannotTell(`pod ${pod} answered ${method} ${path} with ${response.status}: ${text}`);
      return { text, dateMs: Date.parse(response.headers.get('date') ?? ''), sentMs, receivedMs };
    },
    [Symbol.asyncDispose]: () => forward[Symbol.asyncDispose](),
  };
}
