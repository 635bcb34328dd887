import { isDeepStrictEqual } from 'node:util';
import { conflict } from './errors.ts';

/** Requests that were carried out, by their client token: one that is sent again is not carried out again. */
export class ClientTokens<T> {
  readonly #done = new Map<string, { request: unknown; result: T }>();

  /** Carries a request out unless it was already. Throws a ConflictException when its token was another request's. */
  once(request: { clientToken: string }, carryOut: () => T): T {
    const before = this.#done.get(request.clientToken);
    if (!before) {
      const result = carryOut();
      this.#done.set(request.clientToken, { request, result });
      return result;
    }
    if (isDeepStrictEqual(before.request, request)) return before.result;
    throw conflict(`The client token ${request.clientToken} was used for a request with other parameters.`);
  }
}
